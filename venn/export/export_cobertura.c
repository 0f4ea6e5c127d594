/*
 * export_cobertura.c - counts as Cobertura XML.
 *
 * Format: coverage-04.dtd of Cobertura 2.1.1. A directory is a package, a file a class, a function
 * a method.
 */
#include "venn/export/export_cobertura.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/print/xml.h"

static const char doctype[] = "http://cobertura.sourceforge.net/xml/coverage-04.dtd";

struct share {
	size_t found, hit;
};

static void writer_free(xmlTextWriter *writer)
{
	if (writer)
		xmlFreeTextWriter(writer);
}

COV_DEFINE_AUTO(xmlTextWriter *, writer_free)

static void start(xmlTextWriter *writer, const char *name)
{
	xml_check(xmlTextWriterStartElement(writer, BAD_CAST name));
}

static void attribute(xmlTextWriter *writer, const char *name, const char *value)
{
	xml_check(xmlTextWriterWriteAttribute(writer, BAD_CAST name, BAD_CAST value));
}

/* A path or a function's name: XML has no control characters and is UTF-8. */
static void attribute_name(xmlTextWriter *writer, const char *name, const char *value)
{
	COV_AUTO(cov_text_deinit) struct cov_text shown = { 0 };

	cov_text_add_shown(&shown, value, strlen(value));
	attribute(writer, name, shown.data);
}

static void attribute_number(xmlTextWriter *writer, const char *name, int64_t value)
{
	xml_check(xmlTextWriterWriteFormatAttribute(writer, BAD_CAST name, "%" PRId64, value));
}

/* Of lines; covdb exports no branches to this format. */
static void attribute_rates(xmlTextWriter *writer, struct share lines)
{
	double rate = lines.found ? (double)lines.hit / (double)lines.found : 0;

	xml_check(xmlTextWriterWriteFormatAttribute(writer, BAD_CAST "line-rate", "%.6f", rate));
	attribute(writer, "branch-rate", "0");
	attribute(writer, "complexity", "0");
}

static void write_line(xmlTextWriter *writer, uint32_t line, int64_t count)
{
	start(writer, "line");
	attribute_number(writer, "number", line);
	attribute_number(writer, "hits", count < 0 ? 0 : count);
	attribute(writer, "branch", "false");
	xml_check(xmlTextWriterEndElement(writer));
}

static struct share share_of(const struct tracefile_file *files, size_t count)
{
	struct share share = { 0 };

	for (size_t i = 0; i < count; i++) {
		share.found += files[i].line_count;
		for (size_t j = 0; j < files[i].line_count; j++)
			share.hit += files[i].lines[j].count > 0;
	}
	return share;
}

static void write_methods(xmlTextWriter *writer, const struct tracefile_file *file)
{
	start(writer, "methods");
	for (size_t i = 0; i < file->function_count; i++) {
		const struct tracefile_function *function = &file->functions[i];

		start(writer, "method");
		attribute_name(writer, "name", function->name);
		attribute(writer, "signature", "");
		attribute_rates(writer, (struct share){ 1, function->calls > 0 });
		start(writer, "lines");
		if (function->start_line)
			write_line(writer, function->start_line, function->calls);
		xml_check(xmlTextWriterEndElement(writer));
		xml_check(xmlTextWriterEndElement(writer));
	}
	xml_check(xmlTextWriterEndElement(writer));
}

static void write_class(xmlTextWriter *writer, const struct tracefile_file *file)
{
	const char *base = strrchr(file->path, '/');

	start(writer, "class");
	attribute_name(writer, "name", base ? base + 1 : file->path);
	attribute_name(writer, "filename", file->path);
	attribute_rates(writer, share_of(file, 1));
	write_methods(writer, file);
	start(writer, "lines");
	for (size_t i = 0; i < file->line_count; i++)
		write_line(writer, file->lines[i].line, file->lines[i].count);
	xml_check(xmlTextWriterEndElement(writer));
	xml_check(xmlTextWriterEndElement(writer));
}

static size_t directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

static bool is_same_directory(const char *path, const char *other)
{
	size_t length = directory_length(path);

	return length == directory_length(other) && memcmp(path, other, length) == 0;
}

/* Files are sorted by path, so those of a directory may stand around those of one inside. */
static void write_packages(xmlTextWriter *writer, const struct tracefile_file *files, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t length = directory_length(files[i].path);
		size_t end = i + 1;

		while (end < count && is_same_directory(files[i].path, files[end].path))
			end++;
		COV_AUTO(free)
		char *name = length ? cov_xstrndup(files[i].path, length) : cov_xstrdup(".");
		start(writer, "package");
		attribute_name(writer, "name", name);
		attribute_rates(writer, share_of(files + i, end - i));
		start(writer, "classes");
		for (; i < end; i++)
			write_class(writer, &files[i]);
		xml_check(xmlTextWriterEndElement(writer));
		xml_check(xmlTextWriterEndElement(writer));
	}
}

static int compare_directories(const void *a, const void *b)
{
	const struct tracefile_file *first = a, *second = b;
	COV_AUTO(free)
	char *first_name = cov_xstrndup(first->path, directory_length(first->path));
	COV_AUTO(free)
	char *second_name = cov_xstrndup(second->path, directory_length(second->path));
	int order = strcmp(first_name, second_name);

	return order ? order : strcmp(first->path, second->path);
}

/* The caller asks the stream: libxml2 would print that it failed, and forget why. */
static int write_stream(void *stream, const char *bytes, int count)
{
	fwrite(bytes, 1, (size_t)count, stream);
	return count;
}

void export_cobertura(const struct cov_tracefile *tracefile, const char *root, FILE *out)
{
	struct share share = share_of(tracefile->files, tracefile->file_count);

	xml_begin();
	xmlOutputBuffer *buffer = xmlOutputBufferCreateIO(write_stream, NULL, out, NULL);
	COV_AUTO(writer_free) xmlTextWriter *writer = buffer ? xmlNewTextWriter(buffer) : NULL;

	if (!writer)
		cov_out_of_memory();
	/* A package stands once: its files together. */
	COV_AUTO(free)
	struct tracefile_file *files = cov_xcalloc(tracefile->file_count, sizeof(*files));
	if (tracefile->file_count)
		memcpy(files, tracefile->files, tracefile->file_count * sizeof(*files));
	qsort(files, tracefile->file_count, sizeof(*files), compare_directories);
	xml_check(xmlTextWriterSetIndent(writer, 1));
	xml_check(xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL));
	xml_check(xmlTextWriterWriteDTD(writer, BAD_CAST "coverage", NULL, BAD_CAST doctype, NULL));
	start(writer, "coverage");
	attribute_rates(writer, share);
	attribute_number(writer, "lines-covered", (int64_t)share.hit);
	attribute_number(writer, "lines-valid", (int64_t)share.found);
	attribute(writer, "branches-covered", "0");
	attribute(writer, "branches-valid", "0");
	attribute(writer, "version", "covdb " COVDB_VERSION);
	attribute(writer, "timestamp", "0"); /* the same counts give the same file */
	COV_AUTO(cov_text_deinit) struct cov_text source = { 0 };
	cov_text_add_shown(&source, *root ? root : ".", strlen(*root ? root : "."));
	start(writer, "sources");
	xml_check(xmlTextWriterWriteElement(writer, BAD_CAST "source", BAD_CAST source.data));
	xml_check(xmlTextWriterEndElement(writer));
	start(writer, "packages");
	write_packages(writer, files, tracefile->file_count);
	xml_check(xmlTextWriterEndDocument(writer));
}
