"""Stands in for Mesos's program `mesos-containerizer launch`, with which an agent starts the command of a container.

As the real one without isolation: waits until the agent has noted the process, prepares directory, environment and user, runs
the command, passes signals on to it, and leaves its wait status where a restarted agent finds it.
"""
import json
import os
import pwd
import signal
import sys

arguments = dict(word[2:].split("=", 1) for word in sys.argv[2:] if word.startswith("--") and "=" in word)


def flag(name):
    return arguments.get(name, os.environ.get("MESOS_CONTAINERIZER_" + name.upper()))


def open_status():
    directory = flag("runtime_directory")
    if directory is None:
        return None
    return os.open(os.path.join(directory, "status"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def finish(status_file, status):
    """Ends as the command did; `status` is that of wait()."""
    if status_file is not None:
        os.write(status_file, str(status).encode())
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def wait_for_agent():
    """False when the agent has gone before it said that the container may start."""
    if flag("pipe_read") is None:
        return True
    reading, writing = int(flag("pipe_read")), int(flag("pipe_write"))
    os.close(writing)
    go = os.read(reading, 1)
    os.close(reading)
    return go != b""


def program_of(command):
    """Path and arguments of a CommandInfo."""
    if command.get("shell", True):
        return "/bin/sh", ["sh", "-c", command["value"]]
    return command["value"], command.get("arguments") or [command["value"]]


def become(name):
    """Agents that run as root start containers as the user that the framework names."""
    if name is None or os.geteuid() != 0 or pwd.getpwuid(0).pw_name == name:
        return
    user = pwd.getpwnam(name)
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def environment_of(info):
    variables = info.get("environment", {}).get("variables")
    environment = dict(os.environ) if variables is None else {each["name"]: each.get("value", "") for each in variables}
    environment.setdefault("PATH", os.defpath)
    return environment


def write_to_sandbox():
    """An agent beside its master lets containers write to its own output; an agent of a real cluster, to these files."""
    for number, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, number)
        os.close(file)


def main():
    info = json.loads(flag("launch_info"))
    status_file = open_status()
    if not wait_for_agent():
        finish(status_file, 1 << 8)
    environment = environment_of(info)
    for command in info.get("pre_exec_commands", []):
        path, words = program_of(command)
        status = os.spawnvpe(os.P_WAIT, path, words, environment)
        if status != 0:
            finish(status_file, 1 << 8)
    if "working_directory" in info:
        os.makedirs(info["working_directory"], exist_ok=True)
        os.chdir(info["working_directory"])
        write_to_sandbox()
    path, words = program_of(info["command"])
    child = os.fork()
    if child == 0:
        try:
            become(info.get("user"))
            os.execvpe(path, words, environment)
        except (OSError, KeyError) as error:
            os.write(2, ("cannot run %s: %s\n" % (path, error)).encode())
            os._exit(127)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, frame: os.kill(child, received))
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == child:
            finish(status_file, status)


main()
