/*
 * yaml_reader.h - fill structs from the mappings of a YAML document; every error has file and line.
 *
 * The only source that includes yaml.h. A form is an array of fields: the key, how its value
 * becomes a member of a struct, and where that member is. Anything that is in no field is an error.
 */
#ifndef COLLECTOR_EXPERIMENT_YAML_READER_H
#define COLLECTOR_EXPERIMENT_YAML_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct cov_error;
struct yaml_node_s; /* of libyaml */

struct yaml_reader {
	void *document; /* of libyaml; owned */
	const char *path;
	struct cov_arena *arena; /* gets all texts and arrays; borrowed */
	void *context;           /* for the readers of values */
	struct cov_error *err;
};

/* How the value of a key becomes a member of a struct. Return: 0; COV_ERR_FORMAT. */
typedef int (*yaml_reader_value)(struct yaml_reader *reader, const char *key,
				 struct yaml_node_s *node, void *member);

struct yaml_field {
	const char *key;
	yaml_reader_value read;
	size_t offset; /* of the member */
	bool is_required;
};

/* A list of words; the structs that have one begin with the same two members. */
struct yaml_words {
	const char **texts; /* [count], then NULL */
	size_t count;
};

/* Lists of words that have names: {name: [a, b], ...}. */
struct yaml_named_words {
	const char *name;
	struct yaml_words words;
	int line; /* of the name */
};

/* The structs that have them begin with the same two members. */
struct yaml_named_lists {
	struct yaml_named_words *items; /* [count] */
	size_t count;
};

/**
 * yaml_reader_open() - load the one document of @text.
 * @path:  for messages; kept
 * @arena: kept
 * @ret:   release with yaml_reader_close(), also after a failure
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int yaml_reader_open(const char *text, size_t size, const char *path, struct cov_arena *arena,
		     struct yaml_reader *ret, struct cov_error *err);

/** yaml_reader_close() - free what @reader owns; a zeroed struct is fine. */
void yaml_reader_close(struct yaml_reader *reader);

/** yaml_reader_root() - the document's content; never NULL after yaml_reader_open(). */
struct yaml_node_s *yaml_reader_root(struct yaml_reader *reader);

/** yaml_reader_fail() - "path:line: what". Return: COV_ERR_FORMAT. */
int yaml_reader_fail(struct yaml_reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** yaml_reader_line() - where @node begins; from 1. */
int yaml_reader_line(const struct yaml_node_s *node);

/**
 * yaml_reader_fields() - fill the struct at @target from the keys of @node.
 * @what:   for messages: "a platform"
 * @fields: the last one has no key; at most 64
 *
 * Return: 0; COV_ERR_FORMAT if a key is unknown, given twice or missing, or a value is wrong.
 */
int yaml_reader_fields(struct yaml_reader *reader, const char *what, struct yaml_node_s *node,
		       const struct yaml_field *fields, void *target);

/** yaml_reader_list_count() - items of a list; a negative code if @node is not a list or too long.
 */
int yaml_reader_list_count(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			   size_t *ret);

/** yaml_reader_list_item() - an item of a list. */
struct yaml_node_s *yaml_reader_list_item(struct yaml_reader *reader, struct yaml_node_s *list,
					  size_t index);

/**
 * yaml_reader_list() - a list of mappings becomes an array of structs.
 * @read:  fills one of @item_bytes, which are 0 before
 * @count: filled, of the array
 *
 * Return: the array, in the reader's arena; NULL after a failure.
 */
void *yaml_reader_list(
    struct yaml_reader *reader, const char *key, struct yaml_node_s *node, size_t item_bytes,
    int (*read)(struct yaml_reader *reader, struct yaml_node_s *node, void *item), size_t *count);

/** yaml_reader_is_map() - whether @node is a mapping. */
bool yaml_reader_is_map(const struct yaml_node_s *node);

/** yaml_reader_map_find() - the value of the key @name; NULL if there is none. */
struct yaml_node_s *yaml_reader_map_find(struct yaml_reader *reader, struct yaml_node_s *map,
					 const char *name);

/** yaml_reader_map_next() - the pairs of a mapping one after the other. Return: whether there was
 * one. */
bool yaml_reader_map_next(struct yaml_reader *reader, struct yaml_node_s *map, size_t index,
			  struct yaml_node_s **key, struct yaml_node_s **value);

/* Values: a text of one line; a name; an absolute path; yes or no; seconds; numbers; words. */
int yaml_reader_text(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *text);
int yaml_reader_name(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *text);
int yaml_reader_absolute(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			 void *text);
int yaml_reader_flag(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		     void *flag);
int yaml_reader_seconds(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			void *long_long_ns);
int yaml_reader_positive_seconds(struct yaml_reader *reader, const char *key,
				 struct yaml_node_s *node, void *long_long_ns);
int yaml_reader_words(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		      void *words);
int yaml_reader_command(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			void *words);

/** yaml_reader_named_lists() - {name: [a, b], ...}, at least one. @lists: of yaml_named_lists */
int yaml_reader_named_lists(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			    void *lists);

/** yaml_reader_number() - a decimal number from @min to @max; not itself a yaml_reader_value. */
int yaml_reader_number(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
		       long long min, long long max, long long *ret);

COV_DEFINE_AUTO_STRUCT(struct yaml_reader, yaml_reader_close)

#endif
