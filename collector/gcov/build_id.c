/* build_id.c - the GNU build id of a kernel image. */
#include "collector/gcov/build_id.h"

#include <elf_late.h>
#include <stdio.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"

enum { BUILD_ID_BYTES_MAX = (COV_BUILD_ID_TEXT_BYTES - 1) / 2 };

static void elf_end_auto(Elf **elf)
{
	if (*elf)
		elf_end(*elf);
}

/* The build id among the notes of one section. Return: whether it was there. */
static int find_note(Elf_Data *data, char *ret)
{
	size_t offset = 0, name_offset, description_offset;
	GElf_Nhdr note;

	while ((offset = gelf_getnote(data, offset, &note, &name_offset, &description_offset)) >
	       0) {
		const char *name = (const char *)data->d_buf + name_offset;
		const unsigned char *id = (const unsigned char *)data->d_buf + description_offset;

		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != sizeof("GNU") ||
		    memcmp(name, "GNU", sizeof("GNU")) != 0 || note.n_descsz > BUILD_ID_BYTES_MAX)
			continue;
		for (size_t i = 0; i < note.n_descsz; i++)
			snprintf(ret + 2 * i, 3, "%02x", id[i]);
		return 1;
	}
	return 0;
}

int build_id_read(const char *path, char *ret, struct cov_error *err)
{
	COV_AUTO(close) int fd = -1;
	Elf_Scn *section = NULL;
	int result = cov_file_open(path, &fd, err);

	if (result == 0)
		result = elf_late_open(err);
	if (result)
		return result;
	elf_version(EV_CURRENT);
	__attribute__((cleanup(elf_end_auto))) Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF)
		return cov_fail(err, COV_ERR_FORMAT, "%s: not an ELF file", path);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;

		if (gelf_getshdr(section, &header) && header.sh_type == SHT_NOTE &&
		    (data = elf_getdata(section, NULL)) && find_note(data, ret))
			return 0;
	}
	return cov_fail(err, COV_ERR_FORMAT, "%s: no build id in it; link with --build-id", path);
}
