/* markup.c - write SVG or HTML, element by element; libxml2 does the escaping. */
#include "venn/print/markup.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/print/xml.h"

struct markup {
	xmlBuffer *buffer;
	xmlTextWriter *writer;
	bool is_part; /* of a page */
};

static struct markup *begin(void)
{
	struct markup *markup = cov_xcalloc(1, sizeof(*markup));

	xml_begin();
	markup->buffer = xmlBufferCreate();
	markup->writer = markup->buffer ? xmlNewTextWriterMemory(markup->buffer, 0) : NULL;
	if (!markup->writer) {
		cov_out_of_memory();
	}
	return markup;
}

void markup_end(struct markup *markup)
{
	if (!markup)
		return;
	xmlFreeTextWriter(markup->writer);
	xmlBufferFree(markup->buffer);
	free(markup);
}

void markup_open(struct markup *markup, const char *element)
{
	xml_check(xmlTextWriterStartElement(markup->writer, BAD_CAST element));
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

void markup_attribute(struct markup *markup, const char *name, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	COV_AUTO(free) char *value = cov_format_list(format, arguments);
	va_end(arguments);
	make_valid(value);
	xml_check(xmlTextWriterWriteAttribute(markup->writer, BAD_CAST name, BAD_CAST value));
}

void markup_text(struct markup *markup, const char *text)
{
	COV_AUTO(free) char *valid = cov_xstrdup(text);

	make_valid(valid);
	xml_check(xmlTextWriterWriteString(markup->writer, BAD_CAST valid));
}

void markup_close(struct markup *markup)
{
	xml_check(xmlTextWriterEndElement(markup->writer));
}

void markup_label(struct markup *markup, double x, double y, const char *style, const char *text)
{
	markup_open(markup, "text");
	markup_attribute(markup, "x", "%.1f", x);
	markup_attribute(markup, "y", "%.1f", y);
	markup_attribute(markup, "class", "%s", style);
	markup_text(markup, text);
	markup_close(markup);
}

struct markup *markup_svg(int width, int height)
{
	struct markup *markup = begin();

	xml_check(xmlTextWriterSetIndent(markup->writer, 1));
	xml_check(xmlTextWriterStartDocument(markup->writer, NULL, "UTF-8", NULL));
	markup_open(markup, "svg");
	markup_attribute(markup, "xmlns", "http://www.w3.org/2000/svg");
	markup_attribute(markup, "width", "%d", width);
	markup_attribute(markup, "height", "%d", height);
	markup_attribute(markup, "viewBox", "0 0 %d %d", width, height);
	return markup;
}

struct markup *markup_html(void)
{
	struct markup *markup = begin();

	xml_check(xmlTextWriterWriteDTD(markup->writer, BAD_CAST "html", NULL, NULL, NULL));
	markup_open(markup, "html");
	markup_attribute(markup, "lang", "en");
	return markup;
}

struct markup *markup_html_part(void)
{
	struct markup *markup = begin();

	markup->is_part = true;
	return markup;
}

void markup_part(struct markup *markup, const char *part)
{
	xml_check(xmlTextWriterWriteRaw(markup->writer, BAD_CAST part));
}

char *markup_take(struct markup *markup)
{
	if (!markup->is_part)
		xml_check(xmlTextWriterEndDocument(markup->writer));
	xml_check(xmlTextWriterFlush(markup->writer));
	return cov_xstrdup((const char *)xmlBufferContent(markup->buffer));
}

void markup_picture(struct markup *markup, const char *name, const char *svg)
{
	xml_begin();
	COV_AUTO(free) xmlChar *escaped = xmlURIEscapeStr(BAD_CAST svg, BAD_CAST " /:;=,()");

	if (!escaped)
		cov_out_of_memory();
	/* Nothing in it has a meaning for XML, and it is long. */
	xml_check(xmlTextWriterStartAttribute(markup->writer, BAD_CAST name));
	xml_check(
	    xmlTextWriterWriteRaw(markup->writer, BAD_CAST "data:image/svg+xml;charset=utf-8,"));
	xml_check(xmlTextWriterWriteRaw(markup->writer, escaped));
	xml_check(xmlTextWriterEndAttribute(markup->writer));
}
