/* svg.c - write an SVG picture, element by element; libxml2 does the escaping. */
#include "venn/print/svg.h"

#include <libxml/xmlstring.h>
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/base/memory.h"
#include "venn/print/xml.h"

struct svg {
	xmlBuffer *buffer;
	xmlTextWriter *writer;
};

struct svg *svg_begin(int width, int height)
{
	struct svg *svg = cov_xcalloc(1, sizeof(*svg));

	xml_begin();
	svg->buffer = xmlBufferCreate();
	svg->writer = svg->buffer ? xmlNewTextWriterMemory(svg->buffer, 0) : NULL;
	if (!svg->writer) {
		cov_out_of_memory();
	}
	xml_check(xmlTextWriterSetIndent(svg->writer, 1));
	xml_check(xmlTextWriterStartDocument(svg->writer, NULL, "UTF-8", NULL));
	svg_open(svg, "svg");
	svg_attribute(svg, "xmlns", "http://www.w3.org/2000/svg");
	svg_attribute(svg, "width", "%d", width);
	svg_attribute(svg, "height", "%d", height);
	svg_attribute(svg, "viewBox", "0 0 %d %d", width, height);
	return svg;
}

void svg_end(struct svg *svg)
{
	if (!svg)
		return;
	xmlFreeTextWriter(svg->writer);
	xmlBufferFree(svg->buffer);
	free(svg);
}

void svg_open(struct svg *svg, const char *element)
{
	xml_check(xmlTextWriterStartElement(svg->writer, BAD_CAST element));
}

/* XML forbids most control characters, even escaped, and these pictures are UTF-8. */
static void make_valid(char *text)
{
	bool is_utf8 = xmlCheckUTF8(BAD_CAST text);

	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || (!is_utf8 && (*text & 0x80)))
			*text = '?';
	}
}

void svg_attribute(struct svg *svg, const char *name, const char *format, ...)
{
	char *value = NULL;
	va_list arguments;

	va_start(arguments, format);
	int length = vasprintf(&value, format, arguments);
	va_end(arguments);
	if (length < 0) {
		cov_out_of_memory();
	}
	make_valid(value);
	xml_check(xmlTextWriterWriteAttribute(svg->writer, BAD_CAST name, BAD_CAST value));
	free(value);
}

void svg_text(struct svg *svg, const char *text)
{
	COV_AUTO(free) char *valid = cov_xstrdup(text);

	make_valid(valid);
	xml_check(xmlTextWriterWriteString(svg->writer, BAD_CAST valid));
}

void svg_close(struct svg *svg)
{
	xml_check(xmlTextWriterEndElement(svg->writer));
}

void svg_label(struct svg *svg, double x, double y, const char *style, const char *text)
{
	svg_open(svg, "text");
	svg_attribute(svg, "x", "%.1f", x);
	svg_attribute(svg, "y", "%.1f", y);
	svg_attribute(svg, "class", "%s", style);
	svg_text(svg, text);
	svg_close(svg);
}

void svg_print(struct svg *svg)
{
	xml_check(xmlTextWriterEndDocument(svg->writer));
	xml_check(xmlTextWriterFlush(svg->writer));
	fwrite(xmlBufferContent(svg->buffer), 1, (size_t)xmlBufferLength(svg->buffer), stdout);
}
