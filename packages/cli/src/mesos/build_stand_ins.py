"""Builds what libmesos must find to be loaded, and never calls here: build_stand_ins.py LIBRARY OUTPUT_DIRECTORY.

It was linked to OpenSSL 1.0, to an older libcurl and to Python 2.7. A cluster without TLS and without images from a registry
calls none of them, so libraries with the same names and symbols, and nothing behind them, are enough. Whatever is called all
the same ends the process with its name.
"""
import collections
import os
import subprocess
import sys

library, output = sys.argv[1:]

# Names and symbol versions that the library asks for; a version is asked for also where it has no symbol.
versions = {
    "libcrypto.so.1.0.0": ["OPENSSL_1.0.0", "OPENSSL_1.0.2"],
    "libssl.so.1.0.0": ["OPENSSL_1.0.0", "OPENSSL_1.0.1", "OPENSSL_1.0.2"],
    "libcurl.so.4": ["CURL_OPENSSL_3"],
    "libpython2.7.so": [],
}


def home(name, version):
    """The stand-in that a symbol belongs to, if any."""
    if name.startswith(("Py", "_Py")) and version is None:
        return "libpython2.7.so"
    if version is not None and version.startswith("CURL"):
        return "libcurl.so.4"
    if version is not None and version.startswith("OPENSSL"):
        return "libssl.so.1.0.0" if name.startswith(("SSL", "TLS", "DTLS")) else "libcrypto.so.1.0.0"
    return None


def undefined_symbols():
    """(name, version or None) of every symbol that the library takes from others."""
    command = ["readelf", "-W", "--dyn-syms", library]
    listing = subprocess.run(command, check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) >= 8 and fields[6] == "UND":
            name, _, version = fields[7].replace("@@", "@").partition("@")
            yield name, version or None


def build(soname, symbols):
    path = os.path.join(output, soname)
    code = "extern int dprintf(int, const char *, ...);\nextern void abort(void);\n"
    script = ""
    # Python's are data as well as functions; nothing looks at them.
    for name in symbols[None]:
        code += "char %s[1024];\n" % name
    for version in versions[soname]:
        names = symbols[version]
        for name in names:
            code += 'void %s(void) { dprintf(2, "libmesos called %s\\n"); abort(); }\n' % (name, name)
        script += "%s { %s };\n" % (version, "global: " + " ".join(name + ";" for name in names) if names else "")
    sources = {path + ".c": code, path + ".map": script}
    for file, text in sources.items():
        with open(file, "w") as source:
            source.write(text)
    # Without the C library's own files, which a compiler may come without.
    command = ["gcc", "-w", "-shared", "-fPIC", "-nostdlib", "-fno-builtin", "-o", path, "-Wl,-soname," + soname]
    if script:
        command.append("-Wl,--version-script=" + path + ".map")
    subprocess.run(command + [path + ".c"], check=True)
    for file in sources:
        os.remove(file)


found = {soname: collections.defaultdict(list) for soname in versions}
for symbol, needed in undefined_symbols():
    soname = home(symbol, needed)
    if soname is not None:
        found[soname][needed].append(symbol)
for soname in versions:
    build(soname, found[soname])
