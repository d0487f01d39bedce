"""What is installed: packages, unit, manual pages, completions."""
import glob
import json
import shutil
import tempfile
import urllib.request

from machine import as_people_run_it, need, need_root, unsanitized
from support import *
from transport_tests import Folder, talk, two_at

BUILD = os.path.dirname(os.path.abspath(BIN))
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNIT = os.path.join(SOURCE, "packaging", "parley-relay.service")


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, **more)
    check(done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:]))
    return done.stdout


def the_unit_is_sound_and_confined():
    need("systemd-analyze")
    with tempfile.TemporaryDirectory() as folder:
        unit = os.path.join(folder, "parley-relay.service")
        with open(UNIT) as source, open(unit, "w") as out:
            # Where the relay is built, not where it would be installed.
            out.write(source.read().replace("/usr/bin/parley-relay", os.path.join(os.path.abspath(BIN), "parley-relay")))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True)
        ours = [line for line in done.stderr.splitlines() if "parley" in line]
        check(done.returncode == 0 and not ours, done)
        shown = subprocess.run(["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True).stdout
        exposure = float(re.search(r"exposure level for \S+ ([0-9.]+)", shown)[1])
        check(exposure <= 1.6, f"exposure {exposure}")


def members(group):
    """Of a set of system calls that systemd names, those of its sets too."""
    shown = run("systemd-analyze", "syscall-filter", group).splitlines()[1:]
    words = [line.strip() for line in shown if line.strip() and "#" not in line]
    return set().union(*(members(word) if word.startswith("@") else {word} for word in words))


def _calls_of_the_unit():
    allowed = set()
    with open(UNIT) as unit:
        for refused, words in re.findall(r"^SystemCallFilter=(~?)(.*)$", unit.read(), re.M):
            named = set().union(*(members(word) if word.startswith("@") else {word} for word in words.split()))
            allowed = allowed - named if refused else allowed | named
    return allowed


def the_unit_allows_what_the_relay_calls_and_its_own_fences():
    need("systemd-analyze", "strace")
    unsanitized()
    with Folder() as folder:
        relay = Program("parley-relay", "--listen", "tls://127.0.0.1:0", "--listen", "ws://127.0.0.1:0", "--key", folder("key.pem"), "--metrics", "127.0.0.1:0",
                        stdin=False, prefix=("strace", "-f", "-qq", "-o", folder("calls")))
        wait_until(lambda: len(relay.out) == 3, f"the start lines, not {relay.err}")
        for line in relay.out[:2]:
            talk(*two_at(line.split()[-1]))
        urllib.request.urlopen(f"http://{relay.out[2].split()[-1]}/metrics", timeout=PATIENCE).read()
        os.kill(relay.children()[0], signal.SIGHUP)
        wait_until(lambda: len(relay.out) == 5, "the addresses again")
        os.kill(relay.children()[0], signal.SIGTERM)
        check(relay.wait_exit() == 0, relay.err)
        with open(folder("calls")) as calls:
            called = set(re.findall(r"^\d+ +(\w+)\(", calls.read(), re.M))
    check({"seccomp", "landlock_create_ruleset"} <= called, called)
    check(called <= _calls_of_the_unit(), called - _calls_of_the_unit())


def the_units_command_line_serves():
    with open(UNIT) as unit:
        words = re.search(r"^ExecStart=/usr/bin/(.*)$", unit.read(), re.M)[1].split()
    with tempfile.TemporaryDirectory() as folder:
        settings = os.path.join(folder, "relay.toml")
        with open(os.path.join(SOURCE, "packaging", "relay.toml")) as source, open(settings, "w") as out:
            out.write(source.read().replace(":5555", ":0"))
        words = [word.replace("/etc/parley/relay.toml", settings) for word in words]
        relay = Program(*words, stdin=False, environment={**os.environ, "PARLEY_RELAY_METRICS": "127.0.0.1:0"})
        wait_until(lambda: len(relay.out) == 2, f"the start lines, not {relay.err}")
        wait_until(lambda: relay.ask(b"GET /readyz HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 200 "), "it to be ready")
        Canary(int(relay.out[0].rsplit(":", 1)[1])).sings(10)


def who_waits_for_the_relay_hears_when_it_serves():
    with Folder() as folder:
        for name in (folder("notify"), "@" + folder("notify")):
            manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            manager.bind(name.replace("@", "\0"))
            manager.settimeout(PATIENCE)
            relay = Program("parley-relay", "--listen", "127.0.0.1:0", stdin=False, environment={**os.environ, "NOTIFY_SOCKET": name})
            check(manager.recv(4096) == b"READY=1", "as sd_notify(3) has it")
            line = wait_until(lambda: relay.out and relay.out[0], "the start line, which was written before")
            Canary(int(line.rsplit(":", 1)[1])).sings(10)
        # Who asks at a place where nobody listens gets a relay all the same.
        for name in ("", "nowhere", folder("nobody"), "/" + "x" * 200):
            relay = Program("parley-relay", "--listen", "127.0.0.1:0", stdin=False, environment={**os.environ, "NOTIFY_SOCKET": name})
            wait_until(lambda: relay.out, f"{name}: {relay.err}")
        failing = Program("parley-relay", "--listen", "192.0.2.1:1", "--insecure", stdin=False, environment={**os.environ, "NOTIFY_SOCKET": "@" + folder("notify")})
        check(failing.wait_exit() == 1, failing.err)
        manager.setblocking(False)
        try:
            check(False, manager.recv(4096))
        except BlockingIOError:
            pass


def _metrics():
    """What a relay answers to Prometheus."""
    relay = Program("parley-relay", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", stdin=False)
    place = wait_until(lambda: re.search(r"metrics on (\S+)", "\n".join(relay.out)), "the port of the metrics")[1]
    return urllib.request.urlopen(f"http://{place}/metrics", timeout=PATIENCE).read().decode()


def the_dashboard_asks_for_what_the_relay_counts():
    counted = _metrics()
    with open(os.path.join(SOURCE, "packaging", "grafana.json")) as file:
        asked = set(re.findall(r"parley_[a-z_]+", " ".join(panel["targets"][0]["expr"] for panel in json.load(file)["panels"])))
    check(len(asked) > 5, asked)
    for name in asked:
        check(f"# TYPE {name} " in counted, name)


def every_metric_stands_in_the_manual_of_operators():
    counted = _metrics()
    rows = dict(re.findall(r"^\| `(parley_\w+)` \| (.*) \|$", page("docs", "OPERATING.md"), re.M))
    helps = dict(re.findall(r"^# HELP (\w+) (.*)$", counted, re.M))
    check(rows.keys() == helps.keys(), rows.keys() ^ helps.keys())
    for name, row in rows.items():
        values = re.findall(rf'^{name}{{\w+="(\w+)"}} ', counted, re.M)
        label = re.search(rf"^{name}{{(\w+)=", counted, re.M)
        labels = f" `{label[1]}`: " + ", ".join(f"`{value}`" for value in values) if label else ""
        check(row == helps[name] + labels, (row, helps[name] + labels))


def the_check_of_the_container_sees_what_is_broken():
    need("yamllint")
    broken = (("Containerfile", "FROM debian:13-slim", "FROM debian"), ("Containerfile", ":13-slim", ":latest"), ("Containerfile", "FROM scratch", "FROM debian:13-slim"),
              ("Containerfile", "USER 65534:65534", "USER 0:0"), ("Containerfile", "USER 65534:65534\n", ""), ("Containerfile", " libseccomp-dev", ""),
              ("Containerfile", "EXPOSE 5555", "EXPOSE 5556"), ("Containerfile", " --no-install-recommends", ""), ("Containerfile", "rm -rf /var/lib/apt/lists/*", "true"),
              ("Containerfile", "COPY --from=build /image/ /", "COPY . /"), ("Containerfile", '["/usr/bin/parley-relay"]', '["/bin/sh", "-c"]'),
              ("compose.yaml", "read_only: true", "read_only: false"), ("compose.yaml", "- ALL", "- NET_RAW"), ("compose.yaml", "no-new-privileges:true", "seccomp:unconfined"),
              ("compose.yaml", '"5555:5555"', '"5555:80"'), ("compose.yaml", "    restart", "    privileged: true\n    restart"), ("compose.yaml", "core: 0", "core: 0\n      core: 1"))
    with Folder() as folder:
        for path in ("packaging", "tools"):
            shutil.copytree(os.path.join(SOURCE, path), folder(path))
        shutil.copy(os.path.join(SOURCE, ".dockerignore"), folder.path)
        judge = (os.path.join(SOURCE, "tools", "check_container"), folder.path)
        run(*judge)
        for name, old, new in broken:
            with open(os.path.join(SOURCE, "packaging", name)) as source:
                whole = source.read()
            check(old in whole, (name, old))
            with open(folder(f"packaging/{name}"), "w") as out:
                out.write(whole.replace(old, new, 1))
            judged = subprocess.run(judge, capture_output=True, text=True)
            check(judged.returncode == 1 and judged.stdout.startswith("not so: "), (name, new, judged))
            with open(folder(f"packaging/{name}"), "w") as out:
                out.write(whole)


def page(*path):
    with open(os.path.join(SOURCE, *path)) as file:
        return file.read()


def program(*words):
    return run(os.path.join(BIN, words[0]), *words[1:])


def every_flag_that_is_shown_exists():
    words = (["parley-relay"], ["parley"], *(["parley", word] for word in ("chat", "invite", "join", "send", "recv", "profile")),
             *(["parley", "profile", word] for word in ("new", "list", "show", "export", "delete")))
    flag = r"(?<![\w-])--[a-z][a-z-]+"
    known = set(re.findall(flag, "".join(program(*each, "--help") for each in words) + page("dev")))
    for path in (("README.md",), ("docs", "OPERATING.md"), ("docs", "JSON.md"), ("docs", "man", "parley.1"), ("docs", "man", "parley-relay.8"),
                 ("packaging", "relay.toml"), ("packaging", "compose.yaml")):
        shown = set(re.findall(flag, page(*path).replace("Fl Fl ", "--")))
        unknown = shown - known - {"--standalone"}  # certbot's
        check(not unknown, (path, unknown))


def the_defaults_in_the_manual_of_operators_are_the_relays():
    defaults = dict(re.findall(r'^([a-z-]+) = "?([^"\n]*?)"? +# default$', program("parley-relay", "--print-config"), re.M))
    shown = re.findall(r"`([a-z-]+)` (\d[\d,]*(?: (?:[KMG]iB|s)\b)?)", page("docs", "OPERATING.md").partition("## Limits")[2])
    check(len(shown) > 20 and {name for name, _ in shown} <= defaults.keys(), shown)
    for name, value in shown:
        default = re.sub(r"^(\d+) min$", lambda minutes: f"{60 * int(minutes[1])} s", defaults[name])
        check(value.replace(",", "") == default, (name, value, default))


def _need_pages():
    as_people_run_it("pages are made of what people run")


def manual_pages_are_well_formed():
    _need_pages()
    need("mandoc")
    for page in ("parley.1", "parley-relay.8"):
        path = os.path.join(BUILD, "packaging", page)
        lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning", path], capture_output=True, text=True)
        check(lint.returncode == 0, lint.stdout)
        shown = run("mandoc", "-Tmarkdown", path)
        check("OPTIONS@" not in shown and ("listen" if "relay" in page else "profile export") in shown, shown[:2000])


def bash_completes_words_and_options():
    _need_pages()
    need("bash")

    def completed(program, *typed):
        script = (f"source {BUILD}/packaging/bash/{program}; COMP_WORDS=({' '.join(typed)} ); "
                  f"COMP_CWORD={len(typed) - 1}; _{program.replace('-', '_')}; echo ${{COMPREPLY[@]}}")
        return run("bash", "-c", script).split()

    check(completed("parley", "parley", "prof") == ["profile"], "a word")
    check(completed("parley", "parley", "profile", "ex") == ["export"], "a word of a word")
    check(completed("parley", "parley", "recv", "--ye") == ["--yes"], "an option of a word")
    check("--listen" in completed("parley-relay", "parley-relay", "--li"), "an option")


def the_other_shells_can_read_their_completions():
    _need_pages()
    shells = [(shell, file) for shell, file in (("zsh", "zsh/_{}"), ("fish", "fish/{}.fish")) if shutil.which(shell)]
    if not shells:
        raise Skip("neither zsh nor fish is here")
    for shell, file in shells:
        for program in ("parley", "parley-relay"):
            run(shell, "-n", os.path.join(BUILD, "packaging", file.format(program)))


APT = """#!/bin/sh
# What apt-cache answers on a machine of that Debian with nothing installed.
case $1 in
    search) printf '%s\\n' {boosts} | grep -E "$3" | sed 's/$/ - Boost C++ Libraries development files/' ;;
    policy) echo '  Candidate: {openssl}' ;;
esac
"""


def each_debian_gets_the_packages_it_has():
    for boosts, openssl, wanted in (("libboost1.74-dev libboost1.81-dev", "3.0.17-1~deb12u2", {"libboost1.81-dev"}),
                                    ("libboost1.88-dev libboost1.83-dev", "3.5.1-1+deb13u1", {"libboost1.83-dev", "libssl-dev"})):
        with Folder() as folder:
            for name, text in (("apt-cache", APT.format(boosts=boosts, openssl=openssl)), ("dpkg-query", "#!/bin/sh\nexit 1\n")):
                with open(folder(name), "w") as file:
                    file.write(text)
                os.chmod(folder(name), 0o755)
            named = run(os.path.join(SOURCE, "tools", "packages"), "build", env={**os.environ, "PATH": folder.path + ":" + os.environ["PATH"]}).split()
        check({word for word in named if "boost" in word or "ssl" in word} == wanted, named)


def first_for_debian(*paths):
    """The machine's own entries."""
    for path in paths:
        if os.path.exists(path) and "debian" in open(path).read():
            return path
    raise Skip("this machine's own package sources are not where Debian has them")


def two_talk_as_the_manual_says(root):
    """What OPERATING.md has a stranger do, with nothing in front: the lines of the page, the command of the unit, the
    address that the relay shows."""
    manual = open(os.path.join(SOURCE, "docs", "OPERATING.md")).read()
    settings = re.search(r"\*\*With nothing in front\.\*\*.*?```toml\n(.*?)```", manual, re.S)[1]
    command = re.search(r"^ExecStart=(.*)$", open(UNIT).read(), re.M)[1].split()
    port = free_port()
    with open(os.path.join(root, "etc", "parley", "relay.toml"), "w") as file:
        file.write(settings.replace(":5555", f":{port}"))
    os.mkdir(os.path.join(root, "var", "lib", "parley"))  # systemd's part
    relay = Program(*command, prefix=("chroot", root))
    shown = wait_until(lambda: relay.out and relay.out[0], "the relay's start line").split()[-1]
    check(re.fullmatch(rf"tls://[0-9a-f]{{32}}@0\.0\.0\.0:{port}", shown), shown)
    address = shown.replace("0.0.0.0", "127.0.0.1")
    talk(*(Program("/usr/bin/parley", "--relay", address, "--name", name, prefix=("chroot", root)) for name in ("anna", "ben")))
    Program.end_all()
    shutil.rmtree(os.path.join(root, "var", "lib", "parley"))


def packages_install_serve_and_leave_nothing():
    need("mmdebstrap", "cpack", "dpkg-shlibdeps")
    need_root("a root folder of its own")
    as_people_run_it("nobody installs this")
    sources = first_for_debian("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")
    suite = re.search(r"VERSION_CODENAME=(\w+)", open("/etc/os-release").read())[1]
    with tempfile.TemporaryDirectory(prefix="parley-root-") as folder:
        run("cpack", "-G", "DEB", "-B", folder, cwd=BUILD)
        root = os.path.join(folder, "root")
        made = subprocess.run(["mmdebstrap", "--mode=root", "--variant=apt", suite, root, sources], capture_output=True, text=True)
        if made.returncode != 0:
            raise Skip("no Debian could be unpacked: " + made.stderr[-300:])

        def inside(*words):
            return run("chroot", root, "env", "DEBIAN_FRONTEND=noninteractive", *words)

        def files():
            found = inside("find", "/etc", "/usr", "/lib", "-xdev", "-name", "*parley*")
            return sorted(line for line in found.splitlines() if "/var/" not in line)

        for package in glob.glob(os.path.join(folder, "*.deb")):
            shutil.copy(package, root)
        start = time.monotonic()
        inside("apt-get", "update", "-q")
        inside("sh", "-c", "apt-get install -y -q --no-install-recommends /*.deb")
        check("parley " in inside("parley", "--version"), "parley runs")
        check("settings are good" in inside("parley-relay", "--config", "/etc/parley/relay.toml", "--check-config"), "so does the relay")
        check(any("completions/parley" in file for file in files()), files())
        two_talk_as_the_manual_says(root)
        print(f"from the packages to two who talk: {time.monotonic() - start:.0f} s")
        inside("apt-get", "purge", "-y", "-q", "parley", "parley-relay")
        check(files() == [], files())


if __name__ == "__main__":
    main(globals())
