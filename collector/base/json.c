/* json.c - JSON that is made and read, on jansson. */
#include "collector/base/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/base/utf8.h"

static json_t *made(json_t *value)
{
	if (!value)
		cov_out_of_memory();
	return value;
}

void cov_json_begin(void)
{
	json_set_alloc_funcs(cov_xmalloc, free);
}

json_t *cov_json_object(void)
{
	return made(json_object());
}

json_t *cov_json_array(void)
{
	return made(json_array());
}

json_t *cov_json_integer(int64_t number)
{
	return made(json_integer(number));
}

json_t *cov_json_real(double number)
{
	return isfinite(number) ? made(json_real(number)) : json_null();
}

json_t *cov_json_name(const char *name)
{
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };

	return name ? made(json_string_nocheck(cov_utf8_name(name, &memory))) : json_null();
}

json_t *cov_json_text(const char *text, size_t length_bytes)
{
	COV_AUTO(cov_text_deinit) struct cov_text clean = { 0 };

	cov_text_add_utf8(&clean, text, length_bytes);
	return made(json_stringn_nocheck(clean.data, clean.length));
}

json_t *cov_json_pack(const char *format, ...)
{
	json_error_t error;
	va_list arguments;

	va_start(arguments, format);
	json_t *value = json_vpack_ex(&error, 0, format, arguments);
	va_end(arguments);
	if (!value && json_error_code(&error) != json_error_out_of_memory) {
		cov_end_begin();
		cov_say("covdb: cannot make JSON: %s", error.text);
		exit(1);
	}
	return made(value);
}

void cov_json_set(json_t *object, const char *key, json_t *value)
{
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };

	if (json_object_set_new_nocheck(object, cov_utf8_name(key, &memory), value) != 0)
		cov_out_of_memory();
}

void cov_json_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		cov_out_of_memory();
}

void cov_json_replace(json_t *array, size_t index, json_t *value)
{
	if (json_array_set_new(array, index, value) != 0)
		cov_out_of_memory();
}

json_t *cov_json_answer(const char *command)
{
	return cov_json_pack("{s:s, s:s, s:n, s:n, s:n, s:[], s:[]}", "covdb", COVDB_VERSION,
			     "command", command, "kernel", "rule", "baseline", "workloads",
			     "platforms");
}

int cov_json_parse(const char *path, const char *text, size_t size, json_t **ret,
		   struct cov_error *err)
{
	json_error_t json_error;

	*ret = json_loadb(text, size, 0, &json_error);
	return *ret ? 0
		    : cov_fail(err, COV_ERR_FORMAT, "%s:%d: %s", path, json_error.line,
			       json_error.text);
}

int cov_json_read(const char *path, json_t **ret, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = cov_file_read_text(path, &text, &size, err);

	return result ? result : cov_json_parse(path, text, size, ret, err);
}

void cov_json_print(const json_t *value, size_t flags, FILE *out)
{
	if (json_dumpf(value, out, flags) != 0 && !ferror(out))
		cov_out_of_memory();
}

char *cov_json_format(const json_t *value, size_t flags)
{
	char *text = json_dumps(value, flags);

	if (!text)
		cov_out_of_memory();
	return text;
}
