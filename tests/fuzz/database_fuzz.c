/*
 * database_fuzz.c - a database that somebody changed, and every command that reads one.
 *
 * An input is a list of changes to a small study, see database_change.h. Each command has to end
 * with status 0, or 1 and a message.
 */
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "tests/fuzz/database_change.h"
#include "tests/fuzz/fuzz.h"
#include "venn/commands/commands.h"
#include "venn/store/store.h"

/* Of the sanitizers, where there are any: what they find is not one of the messages. */
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

enum { WORDS_MAX = 12, LINES_MAX = 40 };

/* A command line; the first word after the command's own that has no dash is an operand. */
struct line {
	const struct cov_command *command;
	const char *words[WORDS_MAX]; /* "--dir=.", "main"; NULL at the end */
};

/* How the study is made, in a folder of its own: two platforms with counters, one without. */
static const struct line making[] = {
	{ &cmd_kernel_add, { "--notes=notes", "--name=k", "--build-id=abc", "--sources=sources" } },
	{ &cmd_import, { "snapshot", "--platform=host", "--baseline", "--seconds=100" } },
	{ &cmd_import, { "snapshot", "--platform=host", "--baseline", "--seconds=90" } },
	{ &cmd_import, { "snapshot", "--platform=a", "--workload=w", "--seconds=1" } },
	{ &cmd_import, { "snapshot", "--platform=a", "--workload=w", "--seconds=2" } },
	{ &cmd_import, { "snapshot", "--platform=b", "--workload=w", "--seconds=1" } },
	{ &cmd_import, { "snapshot", "--platform=b", "--workload=v", "--seconds=1" } },
	{ &cmd_export, { "--trial=a/w/1", "--branches", "--output=one.info" } },
	{ &cmd_import, { "one.info", "--platform=t", "--workload=w", "--seconds=1" } },
	{ &cmd_diff, { "--rule=rate" } },
	{ &cmd_cve_add, { "records" } },
};

static const struct line reading[] = {
	{ &cmd_kernel_list, { "--format=json" } },
	{ &cmd_objects, { NULL } },
	{ &cmd_objects, { "--list", "--format=csv" } },
	{ &cmd_venn, { NULL } },
	{ &cmd_venn, { "--depth=3", "--format=json" } },
	{ &cmd_venn, { "--workload=w", "--format=svg" } },
	{ &cmd_venn, { "--dir=loops.c", "a & b" } },
	{ &cmd_lines, { "a | b - t", "--format=json" } },
	{ &cmd_summary, { "--format=json" } },
	{ &cmd_summary, { "--all", "--format=json" } },
	{ &cmd_functions, { "--format=json" } },
	{ &cmd_functions, { "*", "--workload=w" } },
	{ &cmd_annotate, { "loops.c", "--format=json" } },
	{ &cmd_annotate, { "loops.c:1-20", "--workload=w", "--hits=rate" } },
	{ &cmd_conditional, { "--format=json" } },
	{ &cmd_top, { "a", "b", "--format=json" } },
	{ &cmd_kconfig, { "--all", "--format=json" } },
	{ &cmd_cve, { "--release=6.1", "--format=json" } },
	{ &cmd_cve, { "--release=6.1", "--vex" } },
	{ &cmd_compare, { "a/w", "b/w", "--format=json" } },
	{ &cmd_kernel_diff, { "k", "k", "--list=lines", "--format=json" } },
	{ &cmd_lines, { "a", "--in-lines-of=k", "--format=json" } },
	{ &cmd_syscalls, { "--list=all", "--format=json" } },
	{ &cmd_syscalls, { "--format=json" } },
	{ &cmd_profile_list, { "--format=json" } },
	{ &cmd_stability, { "--format=json" } },
	{ &cmd_stability, { "--workload=w" } },
	{ &cmd_noise, { "--format=json" } },
	{ &cmd_metrics, { "--format=json" } },
	{ &cmd_claims, { "claims.yaml", "--format=json" } },
	{ &cmd_export, { "--trial=a/w", "--branches" } },
	{ &cmd_export, { "--trial=t/w", "--format=json" } },
	{ &cmd_export, { "--footprint=a", "--format=cobertura" } },
	{ &cmd_export, { "--region=a,b/w", "--format=syzkaller" } },
	{ &cmd_decode, { "snapshot", "--format=json" } },
	{ &cmd_diff, { "--baseline=host/idle" } },
};

/* Takes longer than all others together: for one in so many inputs. */
static const struct line report = { &cmd_report, { "--output=page", "--claims=claims.yaml" } };
enum { REPORT_STEP = 16 };

static const char claims[] =
    "name: test\nplatforms: {a: [a]}\nworkloads: {w: [w]}\nclaims:\n"
    "  - {name: one, place: p, claim: c, class: ordinal, expected: n > 0,\n"
    "     query: 'SELECT sum(lines) AS n FROM footprint_directory WHERE platform = :a'}\n"
    "  - {name: two, place: p, claim: c, class: informational,\n"
    "     query: 'SELECT sum(calls) AS n, max(file) AS f FROM function_calls'}\n";

static const char needed[] = "sample.o NET\n";

static const char record[] =
    "{\"cveMetadata\": {\"cveId\": \"CVE-2024-1\", \"state\": \"PUBLISHED\"},"
    " \"containers\": {\"cna\": {\"title\": \"t\", \"affected\": [{\"defaultStatus\": \"affected\","
    " \"programFiles\": [\"loops.c\"], \"versions\": [{\"version\": \"4.1\","
    " \"status\": \"affected\"}]}], \"descriptions\": [{\"lang\": \"en\","
    " \"value\": \"main() is wrong\"}]}}}";

/* What is kept from one input to the next. */
static struct {
	bool is_ready;
	bool is_inside;              /* of a command */
	struct database_study study; /* as it was made */
	int output;                  /* that commands print to: the null device */
	int messages;                /* that they complain to */
	int folder;                  /* that the study is in */
	int own_output, own_messages, own_folder;
	size_t databases, commands, answered, refused;
} fuzz;

static const char *name_of(const struct line *line)
{
	return line->command->name;
}

/* @arguments: zeroed; its operands are freed by the caller */
static void parse(const struct line *line, struct cov_arguments *arguments)
{
	const struct cov_option *options = line->command->options;

	arguments->command = line->command;
	arguments->operands = cov_xcalloc(WORDS_MAX, sizeof(char *));
	for (size_t i = 0; i < WORDS_MAX && line->words[i]; i++) {
		const char *word = line->words[i];

		if (strncmp(word, "--", 2) != 0) {
			arguments->operands[arguments->operand_count++] = (char *)word;
			continue;
		}
		size_t length = strcspn(word + 2, "=");
		bool is_known = false;
		for (size_t j = 0; options[j].name; j++) {
			if (strlen(options[j].name) != length ||
			    strncmp(options[j].name, word + 2, length) != 0)
				continue;
			arguments->values[j] = word[2 + length] ? word + 3 + length : "";
			is_known = true;
		}
		fuzz_require(is_known, word);
	}
}

/* Return: the exit status, its messages in fuzz.messages. */
static int run_line(const struct line *line)
{
	struct cov_arguments arguments = { 0 };
	struct cov_error err = { 0 };

	parse(line, &arguments);
	fuzz_require(ftruncate(fuzz.messages, 0) == 0 && lseek(fuzz.messages, 0, SEEK_SET) == 0,
		     "messages can be emptied");
	int result = line->command->run(&arguments, &err);
	if (result < 0)
		fprintf(stderr, "covdb %s: %s\n", name_of(line), err.message);
	fflush(stdout);
	fflush(stderr);
	free(arguments.operands);
	return cov_error_exit_status(result);
}

static void enter(void)
{
	fflush(stdout);
	fuzz_require(fchdir(fuzz.folder) == 0, "the study's folder can be entered");
	dup2(fuzz.output, STDOUT_FILENO);
	dup2(fuzz.messages, STDERR_FILENO);
	fuzz.is_inside = true;
}

static void leave(void)
{
	fflush(stdout);
	fflush(stderr);
	fuzz_require(fchdir(fuzz.own_folder) == 0, "the folder before can be entered");
	dup2(fuzz.own_output, STDOUT_FILENO);
	dup2(fuzz.own_messages, STDERR_FILENO);
	fuzz.is_inside = false;
}

/* Of platforms: wrong usage once they have other names. */
static bool has_expression(const struct line *line)
{
	for (size_t i = 0; i < WORDS_MAX && line->words[i]; i++) {
		if (strpbrk(line->words[i], "&|"))
			return true;
	}
	return false;
}

static char said[1 << 16]; /* the messages of a command */

/* One that failed says why; nobody says more than a few lines. */
static const char *judge(const struct line *line, int status)
{
	ssize_t size = pread(fuzz.messages, said, sizeof(said) - 1, 0);
	size_t lines = 0;

	said[size > 0 ? size : 0] = '\0';
	if (status != 0 && status != 1 && !(status == 2 && has_expression(line)))
		return "a status other than 0 and 1";
	if (status && size <= 0)
		return "failed without a message";
	for (ssize_t i = 0; i < size; i++)
		lines += said[i] == '\n';
	return lines > LINES_MAX ? "more messages than anybody reads" : NULL;
}

static void check_line(const struct line *line)
{
	int status = run_line(line);
	const char *fault = judge(line, status);

	fuzz.commands++;
	fuzz.answered += status == 0;
	fuzz.refused += status != 0;
	if (!fault)
		return;
	leave();
	fprintf(stderr, "covdb %s %s: status %d: %s", name_of(line),
		line->words[0] ? line->words[0] : "", status, said);
	fuzz_require(false, fault);
}

/* A command that ended the program had no memory, or no other way. */
static void print_figures(void)
{
	char text[1024] = "";

	if (fuzz.is_inside) {
		leave();
		fuzz_require(pread(fuzz.messages, text, sizeof(text) - 1, 0) < 0, text);
	}
	printf("%zu databases, %zu commands: %zu answered, %zu refused with a message\n",
	       fuzz.databases, fuzz.commands, fuzz.answered, fuzz.refused);
}

static void copy_to(const char *name, const char *path)
{
	COV_AUTO(free) char *source = cov_format("%s/tests/data/%s", COVDB_SOURCE_DIR, name);
	COV_AUTO(free) char *data = NULL;
	struct cov_error err;
	size_t size;

	fuzz_require(cov_file_read(source, &data, &size, &err) == 0, source);
	database_write(path, data, size);
}

static char folder[] = "/tmp/covdb-fuzz-XXXXXX";

static void tidy_up(void)
{
	COV_AUTO(free) char *command = cov_format("rm -rf '%s'", folder);

	fuzz_require(system(command) == 0, "the folder can be removed");
}

/* Of the study as it is, every question has an answer. */
static void require_answer(const struct line *line)
{
	char text[1024] = "";

	if (run_line(line) == 0)
		return;
	leave();
	fuzz_require(pread(fuzz.messages, text, sizeof(text) - 1, 0) >= 0, "messages can be read");
	fuzz_require(false, text);
}

/* The study, in a folder that becomes the current one. */
static void get_ready(void)
{
	fuzz.own_output = dup(STDOUT_FILENO);
	fuzz.own_messages = dup(STDERR_FILENO);
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)fuzz.own_messages);
	fuzz.output = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fuzz.messages = memfd_create("messages", MFD_CLOEXEC);
	fuzz.own_folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fuzz_require(mkdtemp(folder), "a folder can be made");
	fuzz.folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	atexit(tidy_up);
	enter();
	fuzz_require(mkdir("notes", 0700) == 0 && mkdir("snapshot", 0700) == 0 &&
			 mkdir("records", 0700) == 0 && mkdir("sources", 0700) == 0,
		     "so can others");
	setenv("COVDB", "db.sqlite", 1);
	setenv("COVDB_JOBS", "1", 1);
	copy_to("sample.gcno", "notes/sample.gcno");
	copy_to("sample.gcda", "snapshot/sample.gcda");
	copy_to("programs/loops.c", "sources/loops.c");
	database_write("notes/covdb.options", needed, strlen(needed));
	database_write("records/CVE-2024-1.json", record, strlen(record));
	database_write("claims.yaml", claims, strlen(claims));
	for (size_t i = 0; i < sizeof(making) / sizeof(*making); i++)
		require_answer(&making[i]);
	database_read(&fuzz.study);
	database_change(&fuzz.study, NULL, 0);
	for (size_t i = 0; i < sizeof(reading) / sizeof(*reading); i++)
		require_answer(&reading[i]);
	require_answer(&report);
	leave();
	atexit(print_figures);
	fuzz.is_ready = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	if (!fuzz.is_ready)
		get_ready();
	fuzz.databases++;
	enter();
	database_change(&fuzz.study, data, size);
	for (size_t i = 0; i < sizeof(reading) / sizeof(*reading); i++)
		check_line(&reading[i]);
	if (fuzz.databases % REPORT_STEP == 1)
		check_line(&report);
	leave();
	return 0;
}
