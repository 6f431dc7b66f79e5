"""Runs an Apache Mesos master and agents in this process, until it is killed or its standard input ends.

Usage: run_cluster.py INSTALLATION WORK_DIRECTORY AGENTS_JSON [--temporary], with the flags of master and agents as MESOS_* in
the environment. AGENTS_JSON is {"count": N, "flags": {"attributes": [VALUE...], ...}}: flags that have one value for each agent,
and for the master before them where it knows the flag.

The functions are C++, called by their mangled names; the layouts are those of x86-64 and of this one library.
"""
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading

installation, work_directory, agents_json, *how_to_end = sys.argv[1:]
agents = json.loads(agents_json)


class String(ctypes.Structure):
    """std::string."""

    _fields_ = [("data", ctypes.c_void_p), ("size", ctypes.c_size_t), ("local", ctypes.c_char * 16)]

    def point_to(self, text):
        buffer = ctypes.create_string_buffer(text.encode())
        kept.append(buffer)
        self.data, self.size = ctypes.addressof(buffer), len(buffer.value)


class OptionString(ctypes.Structure):
    """Option<std::string>: state 0 has a value, 1 has none."""

    _fields_ = [("state", ctypes.c_int), ("value", String)]


class LocalFlags(ctypes.Structure):
    """mesos::internal::local::Flags, with room for the flags of its base classes behind its own."""

    _fields_ = [
        ("table", ctypes.c_void_p),
        ("work_dir", String),
        ("num_slaves", ctypes.c_int),
        ("bases", ctypes.c_char * 65536),
    ]


kept = []  # What C++ points to.


def option(text=None):
    value = OptionString(state=1)
    if text is not None:
        value.state = 0
        value.value.point_to(text)
    return ctypes.byref(value)


def load_library():
    """Libraries that are loaded already are the ones that libmesos finds by their names."""
    for name in ("libcrypto.so.1.0.0", "libssl.so.1.0.0", "libcurl.so.4", "libpython2.7.so"):
        ctypes.CDLL(os.path.join(installation, name), ctypes.RTLD_GLOBAL)
    return ctypes.CDLL(os.path.join(installation, "libmesos.so"), os.RTLD_LAZY)


def lock_work_directory():
    """Two clusters would ruin each other's state, and end each other's containers."""
    file = os.open(os.path.join(work_directory, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another cluster runs in %s" % work_directory)


def serve_values(path, values):
    """Gives each reader of a pipe the next value. One reader at a time: each pipe is another one, under the same name."""
    for value in values:
        pipe = os.open(path, os.O_WRONLY)
        os.mkfifo(path + ".next")
        os.rename(path + ".next", path)
        os.write(pipe, value.encode())
        os.close(pipe)


def serve_flags():
    """All agents read the same environment; a value may be a file, and these files say something else to each."""
    directory = os.path.join(work_directory, "flags")
    os.makedirs(directory, exist_ok=True)
    for name, values in agents["flags"].items():
        path = os.path.join(directory, name)
        for stale in (path, path + ".next"):
            if os.path.exists(stale):
                os.remove(stale)
        os.mkfifo(path)
        os.environ["MESOS_" + name.upper()] = "file://" + path
        threading.Thread(target=serve_values, args=(path, values), daemon=True).start()


def end_with_input():
    """Standard input ends with the process that started this one, and then so does this one.

    Nobody comes back to a temporary work directory: it goes, and its containers with it. In any other, containers wait for the
    cluster to be restarted.
    """
    lifeline = os.dup(0)  # Not inherited, unlike standard input itself.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def wait():
        while os.read(lifeline, 4096):
            pass
        if "--temporary" in how_to_end:
            sweeper = os.path.join(os.path.dirname(os.path.abspath(__file__)), "end_containers.py")
            subprocess.Popen([sys.executable, sweeper, work_directory, *how_to_end], start_new_session=True)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def launch(library):
    initialize = library._ZN7process10initializeERK6OptionINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEES9_S9_
    # As mesos-master does: /api/v1/... is served for /master/api/v1/...
    initialize(option("master"), option(), option())
    flags = LocalFlags()
    library._ZN5mesos8internal5local5FlagsC1Ev(ctypes.byref(flags))
    if flags.num_slaves != 1 or not flags.work_dir.size:
        sys.exit("the flags of this library are laid out in another way")
    flags.work_dir.point_to(work_directory)
    flags.num_slaves = agents["count"]
    kept.append(flags)
    master = ctypes.create_string_buffer(4096)  # The PID<Master> that is returned.
    kept.append(master)
    library._ZN5mesos8internal5local6launchERKNS1_5FlagsEPNS_9allocator9AllocatorE(master, ctypes.byref(flags), None)


lock_work_directory()
end_with_input()
serve_flags()
launch(load_library())
while True:
    signal.pause()
