"""Fetches the native library of Apache Mesos: fetch_library.py EGG_SHA256 OUTPUT, with setuptools importable.

The package `mesos.scheduler` holds all of libmesos, master and agent included. It was published as an egg for Python 2.7,
which pip does not install; setuptools still finds eggs, also those for another Python. No Python 2.7 is needed: the egg is a
zip file, and what is used of it knows nothing of Python.
"""
import hashlib
import os
import shutil
import sys
import tempfile
import zipfile

from pkg_resources import Requirement
from setuptools.package_index import PackageIndex

wanted_digest, output = sys.argv[1:]
requirement = Requirement.parse("mesos.scheduler==1.11.0")

with tempfile.TemporaryDirectory() as directory:
    # The same index as pip's, where one is set.
    address = {"index_url": os.environ["PIP_INDEX_URL"]} if os.environ.get("PIP_INDEX_URL") else {}
    index = PackageIndex(search_path=(), platform="linux-x86_64", python="2.7", **address)
    egg = index.fetch_distribution(requirement, directory)
    if egg is None:
        sys.exit("the package index has no %s for this machine" % requirement)
    with open(egg.location, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    if digest != wanted_digest:
        sys.exit("%s has the digest %s, not %s" % (requirement, digest, wanted_digest))
    with zipfile.ZipFile(egg.location) as archive, archive.open("mesos/scheduler/_scheduler.so") as library:
        with open(output, "wb") as file:
            shutil.copyfileobj(library, file)
