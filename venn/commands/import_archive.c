/* import_archive.c - the trials of studies in an archive, without unpacking it. */
#include "venn/commands/import_archive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/pipeline.h"
#include "collector/base/text.h"
#include "venn/commands/import_items.h"

enum {
	HELD_BYTES_MAX = 32 << 20, /* of what was read and has not been written */
	TEXT_BYTES_MAX = 16 << 20, /* as of a manifest that is a file */
};

static const char hint[] = "; for a single snapshot give --platform, --workload and --seconds";

/* A regular file of the archive. */
struct member {
	char *name;   /* without './' at the beginning; owned */
	size_t place; /* among all members */
	char *text;   /* [size], of a manifest, experiment file or description, with a NUL; owned */
	size_t size;
};

/* A folder that collect wrote. */
struct folder {
	char *name; /* with a slash behind, or ""; owned */
	struct import_items_experiment experiment;
};

struct study_archive {
	const char *path;
	struct member *members; /* [member_count], by name; owned */
	size_t member_count, member_capacity;
	struct folder *folders; /* [folder_count], by name; owned */
	size_t folder_count, folder_capacity;
	struct import_items items;
};

static void study_archive_deinit(struct study_archive *archive)
{
	for (size_t i = 0; i < archive->member_count; i++) {
		free(archive->members[i].name);
		free(archive->members[i].text);
	}
	for (size_t i = 0; i < archive->folder_count; i++) {
		free(archive->folders[i].name);
		import_items_experiment_deinit(&archive->folders[i].experiment);
	}
	free(archive->members);
	free(archive->folders);
	import_items_deinit(&archive->items);
}

COV_DEFINE_AUTO_STRUCT(struct study_archive, study_archive_deinit)

/* A name as tar(1) unpacks it. */
static const char *plain_name(const char *name)
{
	while (*name == '/' || strncmp(name, "./", 2) == 0)
		name += *name == '/' ? 1 : 2;
	return name;
}

/* Of a manifest, FOLDER/trials/NAME.json: how long "FOLDER/" is. Return: whether it is one. */
static bool is_manifest(const char *name, size_t *folder_length)
{
	static const char trials[] = "trials/";
	const char *last = strrchr(name, '/');
	size_t length = last ? (size_t)(last - name) + 1 : 0;

	if (length < strlen(trials) || !cov_has_suffix(name, ".json") ||
	    strncmp(name + length - strlen(trials), trials, strlen(trials)) != 0)
		return false;
	*folder_length = length - strlen(trials);
	return !*folder_length || name[*folder_length - 1] == '/';
}

static int list_member(struct study_archive *archive, struct members *members, size_t place,
		       struct cov_error *err)
{
	const char *name = members_name(members);
	struct member_bytes bytes = { 0 };
	size_t ignored;

	if (!name || !members_is_file(members))
		return members_skip(members, name ? name : "a member", err);
	archive->members = cov_grow(archive->members, archive->member_count,
				    &archive->member_capacity, sizeof(*archive->members));
	struct member *member = &archive->members[archive->member_count++];
	*member = (struct member){ .name = cov_xstrdup(plain_name(name)), .place = place };
	if (!is_manifest(member->name, &ignored) && !cov_has_suffix(member->name, ".yaml"))
		return members_skip(members, name, err);
	if (members_bytes(members) > TEXT_BYTES_MAX)
		return cov_fail(err, COV_ERR_FORMAT, "%s: %s is larger than %d bytes",
				archive->path, name, TEXT_BYTES_MAX);
	int result = members_read(members, name, &bytes, err);
	member->text = cov_xrealloc(bytes.data, bytes.size + 1);
	member->text[bytes.size] = '\0';
	member->size = bytes.size;
	return result;
}

static int compare_members(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : (left->place > right->place) - (left->place < right->place);
}

/* Of several members of a name the last one stays, as after unpacking. */
static void sort_members(struct study_archive *archive)
{
	size_t count = 0;

	if (archive->member_count)
		qsort(archive->members, archive->member_count, sizeof(*archive->members),
		      compare_members);
	for (size_t i = 0; i < archive->member_count; i++) {
		struct member *last = count ? &archive->members[count - 1] : NULL;

		if (last && strcmp(last->name, archive->members[i].name) == 0) {
			free(last->name);
			free(last->text);
			count--;
		}
		archive->members[count++] = archive->members[i];
	}
	archive->member_count = count;
}

static int list_members(struct study_archive *archive, struct cov_error *err)
{
	COV_AUTO(members_deinit) struct members members = { 0 };
	struct cov_error cause;
	int result = members_open(archive->path, &members, &cause);

	if (result)
		return cov_fail(err, cause.code, "%s%s", cause.message,
				cause.code == COV_ERR_FORMAT ? hint : "");
	for (size_t place = 0; (result = members_next(&members, err)) > 0; place++) {
		result = list_member(archive, &members, place, err);
		if (result)
			return result;
	}
	sort_members(archive);
	return result;
}

static int compare_name(const void *name, const void *member)
{
	return strcmp(name, ((const struct member *)member)->name);
}

static struct member *find_member(const struct study_archive *archive, const char *name)
{
	return bsearch(name, archive->members, archive->member_count, sizeof(*archive->members),
		       compare_name);
}

/* What stands beside an experiment file, and may be described by it. */
static void list_descriptions(const struct study_archive *archive, const char *folder,
			      struct experiment_descriptions *ret)
{
	size_t length = strlen(folder), capacity = 0;

	for (size_t i = 0; i < archive->member_count; i++) {
		const struct member *member = &archive->members[i];

		if (!member->text || !cov_has_suffix(member->name, ".yaml") ||
		    strncmp(member->name, folder, length) != 0 ||
		    strchr(member->name + length, '/'))
			continue;
		ret->items = cov_grow(ret->items, ret->count, &capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct experiment_description){
			.name = member->name + length,
			.text = member->text,
			.size = member->size,
		};
	}
}

/* The folder of a manifest: the last one, or a new one, since they come by name. */
static size_t find_folder(struct study_archive *archive, const char *name, size_t length)
{
	size_t count = archive->folder_count;

	if (count && strlen(archive->folders[count - 1].name) == length &&
	    strncmp(archive->folders[count - 1].name, name, length) == 0)
		return count - 1;
	archive->folders =
	    cov_grow(archive->folders, count, &archive->folder_capacity, sizeof(*archive->folders));
	struct folder *folder = &archive->folders[archive->folder_count++];
	*folder = (struct folder){ .name = cov_xstrndup(name, length) };
	COV_AUTO(free) char *path = cov_format("%sexperiment.yaml", folder->name);
	struct member *member = find_member(archive, path);
	if (member) {
		folder->experiment = (struct import_items_experiment){
			.path = cov_format("%s:%s", archive->path, path),
			.text = member->text,
			.size = member->size,
		};
		member->text = NULL; /* now the folder's */
		list_descriptions(archive, folder->name, &folder->experiment.beside);
	}
	return count;
}

/* A manifest, which becomes an item. */
struct manifest {
	bool is_later; /* its folder has no experiment file */
	size_t folder;
	char *started_at; /* owned */
	struct member *member;
};

static int compare_manifests(const void *a, const void *b)
{
	const struct manifest *left = a, *right = b;

	if (left->is_later != right->is_later)
		return left->is_later - right->is_later;
	if (left->folder != right->folder)
		return left->folder < right->folder ? -1 : 1;
	int order = strcmp(left->started_at, right->started_at);
	return order ? order : strcmp(left->member->name, right->member->name);
}

/* Make the items, in their order. */
static void list_items(struct study_archive *archive)
{
	COV_AUTO(free)
	struct manifest *manifests = cov_xcalloc(archive->member_count, sizeof(*manifests));
	struct import_items *items = &archive->items;
	size_t count = 0, length;

	for (size_t i = 0; i < archive->member_count; i++) {
		struct member *member = &archive->members[i];

		if (!is_manifest(member->name, &length))
			continue;
		size_t folder = find_folder(archive, member->name, length);
		manifests[count++] = (struct manifest){
			.is_later = !archive->folders[folder].experiment.text,
			.folder = folder,
			.started_at =
			    import_items_started_at(member->name, member->text, member->size),
			.member = member,
		};
	}
	if (count)
		qsort(manifests, count, sizeof(*manifests), compare_manifests);
	items->items = cov_xcalloc(count, sizeof(*items->items));
	for (; items->count < count; items->count++) {
		struct manifest *manifest = &manifests[items->count];
		const struct folder *folder = &archive->folders[manifest->folder];
		bool is_first = !items->count || manifest[-1].folder != manifest->folder;

		items->items[items->count] = (struct import_item){
			.manifest_path = cov_format("%s:%s", archive->path, manifest->member->name),
			.text = manifest->member->text,
			.experiment =
			    is_first && folder->experiment.text ? &folder->experiment : NULL,
			.is_archived = true,
		};
		manifest->member->text = NULL; /* now the item's */
		free(manifest->started_at);
	}
}

/* An item whose file is to be read. */
struct wanted {
	size_t item;
	const struct member *member;
};

/* Items of which the files are read, in the order in which the archive has them. */
struct fetching {
	struct study_archive *archive;
	struct members members;
	size_t place; /* of the next member */
	size_t first, limit;
	struct wanted *wanted; /* [wanted_count]; owned */
	size_t wanted_count;
	size_t *held; /* [as many items as there are], bytes of each that was read; owned */
	size_t held_bytes;
};

static void fetching_deinit(struct fetching *fetching)
{
	members_deinit(&fetching->members);
	free(fetching->wanted);
	free(fetching->held);
}

COV_DEFINE_AUTO_STRUCT(struct fetching, fetching_deinit)

static struct import_item *item_of(const struct fetching *fetching, size_t index)
{
	return &fetching->archive->items.items[fetching->wanted[index].item];
}

/* Read the file of an item. What is wrong with a snapshot is told in the item's turn. */
static int open_fetched(struct members *members, const char *name, struct import_item *item,
			struct cov_error *err)
{
	item->is_fetched = true;
	if (!import_items_is_snapshot(item) || counters_file_is(item->file))
		return members_read(members, name, &item->bytes, err);
	item->result = tree_open_member(item->file, members, ".gcda", &item->tree, &item->err);
	return 0;
}

/* Go to the member, and read it. */
static int fetch_member(void *context, size_t index, bool is_alone, struct cov_error *err)
{
	struct fetching *fetching = context;
	struct members *members = &fetching->members;
	const struct wanted *wanted = &fetching->wanted[index];
	struct import_item *item = item_of(fetching, index);

	(void)is_alone;
	if (wanted->item >= fetching->limit)
		return 0;
	for (;;) {
		int result = members_next(members, err);
		const char *name = result > 0 ? members_name(members) : NULL;
		bool is_there = fetching->place++ == wanted->member->place;

		if (result < 0)
			return result;
		if (result == 0 ||
		    (is_there && (!name || strcmp(plain_name(name), wanted->member->name) != 0)))
			return cov_fail(err, COV_ERR_FORMAT, "%s: changed while it was read",
					members->path);
		if (is_there)
			return open_fetched(members, name, item, err);
		result = members_skip(members, name ? name : "a member", err);
		if (result)
			return result;
	}
}

/* Of a snapshot only its counters are kept. */
static void read_fetched(void *context, size_t index)
{
	struct fetching *fetching = context;
	struct import_item *item = item_of(fetching, index);
	const struct import_file file = { item->file, &item->bytes };

	if (!item->is_fetched || item->result || !import_items_is_snapshot(item))
		return;
	item->result =
	    import_trial_read(fetching->archive->items.import, &file,
			      item->tree.path ? &item->tree : NULL, &item->loaded, &item->err);
	tree_deinit(&item->tree);
	free(item->bytes.data);
	item->bytes = (struct member_bytes){ 0 };
}

/* It will be read again. */
static void give_back(struct fetching *fetching, size_t item_index)
{
	struct import_item *item = &fetching->archive->items.items[item_index];

	if (!item->is_fetched)
		return;
	free(item->bytes.data);
	item->bytes = (struct member_bytes){ 0 };
	import_trial_loaded_deinit(&item->loaded);
	item->result = 0;
	item->is_fetched = false;
	fetching->held_bytes -= fetching->held[item_index];
	fetching->held[item_index] = 0;
}

/* When too much is held, what comes last has to wait. */
static int hold(void *context, size_t index, struct cov_error *err)
{
	struct fetching *fetching = context;
	const struct import_item *item = item_of(fetching, index);
	size_t item_index = fetching->wanted[index].item;

	(void)err;
	fetching->held[item_index] = item->bytes.size + item->loaded.packed.counters_bytes +
				     item->loaded.packed.states_bytes;
	fetching->held_bytes += fetching->held[item_index];
	if (item_index >= fetching->limit)
		give_back(fetching, item_index);
	while (fetching->held_bytes > HELD_BYTES_MAX && fetching->limit > fetching->first + 1) {
		fetching->limit--;
		if (fetching->held[fetching->limit])
			give_back(fetching, fetching->limit);
	}
	return 0;
}

static int compare_wanted(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;
	size_t left_place = left->member->place, right_place = right->member->place;

	if (left_place != right_place)
		return left_place < right_place ? -1 : 1;
	return (left->item > right->item) - (left->item < right->item);
}

static void list_wanted(struct fetching *fetching)
{
	const struct study_archive *archive = fetching->archive;

	fetching->wanted =
	    cov_xcalloc(fetching->limit - fetching->first, sizeof(*fetching->wanted));
	for (size_t i = fetching->first; i < fetching->limit; i++) {
		struct import_item *item = &archive->items.items[i];

		if (item->result || item->is_known || !item->file)
			continue;
		const char *name = item->file + strlen(archive->path) + 1;
		const struct member *member = find_member(archive, name);
		if (!member) {
			item->result =
			    cov_fail(&item->err, COV_ERR_FORMAT, "%s: no such member", item->file);
			continue;
		}
		fetching->wanted[fetching->wanted_count++] = (struct wanted){ i, member };
	}
	if (fetching->wanted_count)
		qsort(fetching->wanted, fetching->wanted_count, sizeof(*fetching->wanted),
		      compare_wanted);
	/* A member that two manifests name is read for one after the other. */
	for (size_t i = 1; i < fetching->wanted_count; i++) {
		const struct wanted *wanted = &fetching->wanted[i];

		if (wanted->member == wanted[-1].member && wanted->item < fetching->limit)
			fetching->limit = wanted->item;
	}
}

/* Read the files of the items from @first on. @limit: the item before which that has to end; lower
 * if they were too many */
static int fetch(struct study_archive *archive, size_t first, size_t *limit, struct cov_error *err)
{
	COV_AUTO(fetching_deinit)
	struct fetching fetching = { .archive = archive, .first = first, .limit = *limit };

	list_wanted(&fetching);
	if (!fetching.wanted_count)
		return 0;
	fetching.held = cov_xcalloc(archive->items.count, sizeof(*fetching.held));
	const struct cov_pipeline pipeline = {
		.count = fetching.wanted_count,
		.prepare = fetch_member,
		.work = read_fetched,
		.finish = hold,
		.ahead = 1,
	};
	int result = members_open(archive->path, &fetching.members, err);
	if (result == 0)
		result = cov_pipeline_run(&pipeline, &fetching, err);
	*limit = fetching.limit;
	return result;
}

/* It is read more than once. */
static int check_regular(const char *path, struct cov_error *err)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return cov_fail_errno(err, "cannot open %s", path);
	if (S_ISREG(status.st_mode))
		return 0;
	return cov_fail(err, COV_ERR_FORMAT,
			"%s: not a file, which an archive of trials has to be: it is read twice",
			path);
}

int import_archive(struct import *import, const char *path, const char *kernel,
		   struct cov_error *err)
{
	COV_AUTO(study_archive_deinit)
	struct study_archive archive = { .path = path,
					 .items = { .import = import, .kernel = kernel } };
	struct import_items *items = &archive.items;
	int result = check_regular(path, err);

	if (result == 0)
		result = list_members(&archive, err);
	if (result)
		return result;
	list_items(&archive);
	if (!items->count)
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: no trial in it, that is no member trials/NAME.json%s", path,
				hint);
	for (size_t first = 0, limit; result == 0 && first < items->count; first = limit) {
		/* As many as are of the kernel of the first. */
		for (limit = first; limit < items->count; limit++) {
			if (import_items_prepare(items, limit, limit == first))
				break;
		}
		result = fetch(&archive, first, &limit, err);
		if (result == 0)
			result = import_items_write(items, first, limit, err);
	}
	return result;
}
