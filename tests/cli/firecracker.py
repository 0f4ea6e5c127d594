#!/usr/bin/env python3
"""firecracker.py [OPTION...] - a stand-in for Firecracker and, called as jailer, for its jailer.

It takes the options, the configuration file and the API calls that the version in $STAND_IN_VERSION takes
(0.19.1 to 1.16.1), and refuses what that one refuses, in its words and its form: an error below v0.20 is an answer in chunks,
--version says "firecracker 0.19.1" below v0.21 and is unknown to v0.21. Instead of a guest's kernel, the shell runs the
job on the second drive. What it was told is a line each in $STAND_IN_LOG.

Fields: tests/data/firecracker.
"""
import json
import os
import socket
import stat
import subprocess
import sys
import time

VERSION = os.environ.get("STAND_IN_VERSION", "1.16.1")
NUMBER = tuple(int(part) for part in VERSION.split("."))
IS_OLD = NUMBER < (1, 0)
HAS_CLAP = NUMBER < (0, 21)  # a library's options, which refuse in other words
ROOT = os.environ.get("STAND_IN_ROOT", "")  # where a jailed one sees /

# Fields of each call, and those of them that it must have.
DRIVE = ({"drive_id": str, "path_on_host": str, "is_root_device": bool, "is_read_only": bool, "partuuid": str,
          "rate_limiter": dict, **({} if IS_OLD else {"cache_type": str, "io_engine": str, "socket": str})},
         {"drive_id", "is_root_device", *({"path_on_host", "is_read_only"} if IS_OLD else ())})
MACHINE = ({"vcpu_count": int, "mem_size_mib": int, "cpu_template": str, "track_dirty_pages": bool,
            **({"ht_enabled": bool} if IS_OLD else {"smt": bool, "huge_pages": str})},
           {"vcpu_count", "mem_size_mib", *({"ht_enabled"} if IS_OLD else ())})
NETWORK = ({"iface_id": str, "host_dev_name": str, "guest_mac": str, "rx_rate_limiter": dict, "tx_rate_limiter": dict},
           {"iface_id", "host_dev_name"})
BOOT = ({"kernel_image_path": str, "boot_args": str, "initrd_path": str}, {"kernel_image_path"})
ACTION = ({"action_type": str}, {"action_type"})


class Refused(Exception):
    """With what Firecracker says then."""


def log(text):
    with open(os.environ["STAND_IN_LOG"], "a", encoding="utf-8") as file:
        file.write(text + "\n")


def check_fields(body, form):
    fields, required = form
    if not isinstance(body, dict):
        raise Refused("invalid type, expected a map")
    for key, value in body.items():
        if key not in fields:
            expected = ", ".join(f"`{name}`" for name in fields)
            raise Refused(f"unknown field `{key}`, expected one of {expected}")
        if not isinstance(value, fields[key]) or (fields[key] is int and isinstance(value, bool)):
            raise Refused(f"invalid type: {json.dumps(value)}, expected {fields[key].__name__}")
    for key in required - set(body):
        raise Refused(f"missing field `{key}`")


class Machine:
    def __init__(self):
        self.boot, self.drives, self.is_started = None, {}, False

    def set(self, path, body):
        """What a PUT or a part of the configuration file does."""
        kind, _, name = path[1:].partition("/")
        forms = {"boot-source": BOOT, "machine-config": MACHINE, "drives": DRIVE, "network-interfaces": NETWORK,
                 "actions": ACTION}
        if kind not in forms or bool(name) != (kind in ("drives", "network-interfaces")):
            raise Refused(f"Invalid request method and/or path: PUT {path}.")
        check_fields(body, forms[kind])
        key = {"drives": "drive_id", "network-interfaces": "iface_id"}.get(kind)
        if key and body[key] != name:
            raise Refused(f"The id from the path [{name}] does not match the id from the body [{body[key]}]!")
        if self.is_started:
            raise Refused("The requested operation is not supported after starting the microVM.")
        if kind == "boot-source":
            self.set_boot(body)
        elif kind == "drives":
            self.set_drive(body)
        elif kind == "machine-config" and not 1 <= body["vcpu_count"] <= 32:
            raise Refused("The vCPU number is invalid! The vCPU number can only be 1 or an even number")
        elif kind == "actions":
            self.start(body["action_type"])

    def set_boot(self, body):
        try:
            with open(ROOT + body["kernel_image_path"], "rb") as file:
                magic = file.read(4)
        except OSError as error:
            raise Refused(f"The kernel file cannot be opened: {error.strerror} (os error {error.errno})") from error
        self.boot = magic

    def set_drive(self, body):
        path = ROOT + body["path_on_host"]
        mode = os.R_OK if body.get("is_read_only") else os.R_OK | os.W_OK
        if not os.access(path, mode):
            raise Refused(f"Unable to open file {body['path_on_host']}: No such file or directory (os error 2)")
        if not body["is_root_device"] and os.stat(path).st_size % 512:
            raise Refused(f"Disk size of {path} is not a multiple of sector size 512")
        if body["is_root_device"] and any(d["is_root_device"] and i != body["drive_id"] for i, d in self.drives.items()):
            raise Refused("A root block device already exists!")
        self.drives[body["drive_id"]] = dict(body, path=path)

    def start(self, action):
        if action != "InstanceStart":
            raise Refused(f"unknown variant `{action}`, expected one of `FlushMetrics`, `InstanceStart`")
        if self.boot is None:
            raise Refused("Cannot start microvm without kernel configuration.")
        if self.boot != b"\x7fELF":
            raise Refused("Cannot load kernel due to invalid memory configuration or invalid kernel image: Kernel Loader: "
                          "failed to load ELF kernel image: Invalid Elf magic number")
        self.is_started = True

    def run(self):
        """The guest: its shell runs what is on the second disk, and then it ends the machine."""
        job = next(d for d in self.drives.values() if not d["is_root_device"])
        status = subprocess.run(["sh", job["path"]], stdin=subprocess.DEVNULL, check=False).returncode
        print(json.dumps({"event": "exit", "status": status}), flush=True)
        log(f"guest: status {status}")


def configure(machine, path):
    """--config-file: the same parts as the calls have, by the same rules."""
    with open(ROOT + path, encoding="utf-8") as file:
        config = json.load(file)
    known = {"boot-source", "drives", "machine-config", "network-interfaces", "vsock", "logger", "metrics"}
    for key in config:
        if key not in known:
            raise Refused(f"Invalid JSON: unknown field `{key}`")
    for key in {"boot-source", "drives"} - set(config):
        raise Refused(f"Invalid JSON: missing field `{key}`")
    machine.set("/boot-source", config["boot-source"])
    for drive in config["drives"]:
        machine.set(f"/drives/{drive.get('drive_id')}", drive)
    if "machine-config" in config:
        machine.set("/machine-config", config["machine-config"])
    for interface in config.get("network-interfaces", []):
        machine.set(f"/network-interfaces/{interface.get('iface_id')}", interface)
    machine.set("/actions", {"action_type": "InstanceStart"})
    log("configured: " + " ".join(sorted(config)))


def answer(connection, status, text):
    reason = {204: "No Content", 400: "Bad Request"}[status]
    head = f"HTTP/1.1 {status} {reason}\r\n"
    body = json.dumps({"fault_message": text}) if text else ""
    if NUMBER < (0, 20):
        head += "Transfer-Encoding: chunked\r\n" if body else ""
        pieces = [body[:9], body[9:], ""] if body else []
        body = "".join(f"{len(piece.encode()):X}\r\n{piece}\r\n" for piece in pieces)
    else:
        head += "Server: Firecracker API\r\nConnection: keep-alive\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    connection.sendall((head + "\r\n").encode())
    if body:
        time.sleep(0.01)  # as another packet
        connection.sendall(body.encode())


def serve_one(machine, connection):
    """One request. Return: whether there was one."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(4096)
        if not more:
            return False
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    method, path, _ = lines[0].split(" ")
    headers = {key.strip().lower(): value.strip() for key, value in (line.split(":", 1) for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(4096)
    try:
        if method != "PUT":
            raise Refused(f"Invalid request method and/or path: {method} {path}.")
        try:
            machine.set(path, json.loads(body or b"null"))
        except json.JSONDecodeError as error:
            raise Refused(f"An error occurred when deserializing the json body of a request: {error}.") from error
    except Refused as refused:
        log(f"{method} {path} 400")
        answer(connection, 400, str(refused))
    else:
        log(f"{method} {path} 204")
        answer(connection, 204, "")
    return True


def serve(machine, path):
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(ROOT + path)
    server.listen(4)
    while not machine.is_started:
        connection, _ = server.accept()
        while not machine.is_started and serve_one(machine, connection):
            pass
        connection.close()
    server.close()


def end(text, status, name):
    """End with an error, as the program of this version says it."""
    if NUMBER >= (1, 5) and name == "firecracker":
        # Its reason, the same for programmers, and that it ends.
        print(f"2026-11-26T10:00:00.000000000 [anonymous-instance:main] {text}")
        print(f"Error: Stand({json.dumps(text)})", flush=True)
        print(f"2026-11-26T10:00:00.000000001 [anonymous-instance:main] Firecracker exiting with error. exit_code={status}")
    else:
        print(text)
    sys.stdout.flush()
    sys.exit(status)


def refuse(text, name):
    """What is wrong with the options."""
    if HAS_CLAP:
        end(f"error: {text}\n\nUSAGE:\n    {name} [FLAGS] [OPTIONS]\n\nFor more information try --help", 1, name)
    # From v1.5 on the message has no line breaks but their spelling.
    break_ = "\\n" if NUMBER >= (1, 5) and name == "firecracker" else "\n"
    end(f"Arguments parsing error: {text} {break_}{break_}For more information try --help.", 153, name)


def parse(words, with_value, without, name):
    """Options, each once; what is not known is refused as Firecracker's own parser does."""
    options = {}
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--":
            options["--"] = words
            break
        option, equals, value = word.removeprefix("--").partition("=")
        if equals and HAS_CLAP:
            words.insert(0, value)
            word = "--" + option
        option = word.removeprefix("--")
        if not word.startswith("--") or option not in with_value + without:
            word = word if HAS_CLAP else option
            refuse(f"Found argument '{word}' which wasn't expected, or isn't valid in this context.", name)
        if option in options:
            refuse(f"The argument '{word}' was provided more than once.", name)
        if option in with_value and not words:
            refuse(f"The argument '{word}' requires a value, but none was supplied.", name)
        options[option] = words.pop(0) if option in with_value else True
    return options


def say_version(options, name):
    """Whether that was asked."""
    if options.get("version"):
        print(f"{name} {VERSION}" if HAS_CLAP else f"{name.capitalize()} v{VERSION}\n")
    if options.get("help"):
        print(f"{name} {VERSION}\nAmazon" if HAS_CLAP else f"{name.capitalize()} v{VERSION}\n\nrequired arguments:")
    return "version" in options or "help" in options


VERSION_OPTIONS = ("help",) if NUMBER[:2] == (0, 21) else ("help", "version")


def firecracker(words):
    options = parse(words, ("api-sock", "id", "config-file", "seccomp-level" if IS_OLD else "seccomp-filter", "start-time-us"),
                    ("no-api", *VERSION_OPTIONS, *(() if IS_OLD else ("no-seccomp",))), "firecracker")
    if say_version(options, "firecracker"):
        return
    if "no-api" in options and "config-file" not in options:
        refuse("The argument 'no-api' requires argument(s) 'config-file', but none was supplied.", "firecracker")
    log("seccomp: " + str(options.get("seccomp-level", "none" if "no-seccomp" in options else "on")))
    machine = Machine()
    try:
        if "config-file" in options:
            configure(machine, options["config-file"])
    except Refused as refused:
        end(f"Configuration for VMM from one single json failed: {refused}", 152, "firecracker")
    if "no-api" not in options:
        serve(machine, options.get("api-sock", "/run/firecracker.socket"))
    machine.run()


def jailer(words):
    node = ("node",) if IS_OLD else ()
    options = parse(words, ("id", "exec-file", "uid", "gid", "chroot-base-dir", "netns", "cgroup", *node,
                            *(("seccomp-level",) if HAS_CLAP else ())), ("daemonize", *VERSION_OPTIONS), "jailer")
    if say_version(options, "jailer"):
        return
    for name in ("id", "exec-file", "uid", "gid", *(node if NUMBER < (0, 23) else ())):
        if name not in options:
            refuse(f"Argument '{name}' required, but not found.", "jailer")
    program = os.path.realpath(options["exec-file"])
    base = options.get("chroot-base-dir", "/srv/jailer")
    root = os.path.join(base, os.path.basename(program), options["id"], "root")
    if not os.path.isdir(root):
        # It would make the folder, and Firecracker would find nothing in there.
        print(f"thread 'main' panicked at 'Jailer error: Failed to copy {program} to {root}'", file=sys.stderr)
        print("note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace", file=sys.stderr)
        sys.exit(101)
    owner = (int(options["uid"]), int(options["gid"]))
    for name in os.listdir(root):
        status = os.stat(os.path.join(root, name))
        if (status.st_uid, status.st_gid) != owner or not stat.S_IMODE(status.st_mode) & stat.S_IRUSR:
            sys.exit(f"the jailed cannot read {name}")
    log(f"jailer: {' '.join(sorted(os.listdir(root)))} of {owner[0]}:{owner[1]}")
    os.environ["STAND_IN_ROOT"] = root
    own = [f"--id={options['id']}", f"--seccomp-level={options.get('seccomp-level', 2)}", "--api-sock=/api.socket"]
    os.execv(program, [program, *(own if HAS_CLAP else ["--id", options["id"]]), *options.get("--", [])])


if os.path.basename(sys.argv[1]) == "jailer":
    jailer(sys.argv[2:])
else:
    firecracker(sys.argv[2:])
