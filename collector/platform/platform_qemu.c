/*
 * platform_qemu.c - the driver qemu-microvm: QEMU's machine microvm under KVM.
 *
 * The stand-in for Firecracker that Debian has: no firmware to speak of, no PCI, no ACPI, virtio on
 * MMIO, one serial port. It is not Firecracker, and never called that.
 */
#include "collector/platform/guest.h"

#include "collector/base/text.h"
#include "collector/platform/network.h"

static const char machine_type[] = "microvm,x-option-roms=off,pit=off,pic=off,rtc=off,acpi=off,"
				   "isa-serial=on";

static void add_option(struct platform_run *run, const char *option, const char *value)
{
	platform_add_word(run, option);
	platform_add_word(run, value);
}

static void add_disk(struct platform_run *run, const char *name, const char *rest)
{
	COV_AUTO(free)
	char *drive =
	    cov_format("id=%s,file=%s/%s%s,format=raw,if=none", name, run->folder, name, rest);
	COV_AUTO(free) char *device = cov_format("virtio-blk-device,drive=%s", name);

	add_option(run, "-drive", drive);
	add_option(run, "-device", device);
}

static void add_network(struct platform_run *run)
{
	COV_AUTO(free)
	char *backend =
	    cov_format("tap,id=net,ifname=%s,script=no,downscript=no", network_tap_name);
	COV_AUTO(free)
	char *device = cov_format("virtio-net-device,netdev=net,mac=%s", guest_mac_address);

	add_option(run, "-netdev", backend);
	add_option(run, "-device", device);
}

static int qemu_prepare(struct platform_run *run, struct cov_error *err)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *memory = cov_format("%lldM", platform->memory_mib);
	COV_AUTO(free) char *cpus = cov_format("%lld", platform->cpu_count);
	COV_AUTO(free) char *boot = guest_boot_text(platform, "t");

	platform_add_word(run, platform->runtime);
	add_option(run, "-M", machine_type);
	add_option(run, "-accel", "kvm");
	add_option(run, "-cpu", "host");
	add_option(run, "-m", memory);
	add_option(run, "-smp", cpus);
	platform_add_word(run, "-nodefaults");
	platform_add_word(run, "-no-user-config");
	platform_add_word(run, "-no-reboot");
	add_option(run, "-display", "none");
	add_option(run, "-monitor", "none");
	add_option(run, "-serial", "stdio");
	add_option(run, "-kernel", platform->kernel);
	add_option(run, "-append", boot);
	add_disk(run, "root", ".ext4");
	add_disk(run, "job", ",readonly=on");
	if (platform->network == NETWORK_TAP)
		add_network(run);
	for (size_t i = 0; i < platform->arguments.count; i++)
		platform_add_word(run, platform->arguments.texts[i]);
	return guest_make_disks(run, run->folder, err);
}

static const char *qemu_version(const struct experiment_platform *platform, struct cov_arena *arena)
{
	return platform_program_version(platform->runtime, arena);
}

const struct platform_driver platform_qemu = {
	.name = "qemu-microvm",
	.check = guest_check,
	.prepare = qemu_prepare,
	.outcome = guest_outcome,
	.version = qemu_version,
};
