"""Runs the pipelines of a JSON file in PySpark, and writes what their actions give as JSON: what run-in-gloam.ts does in Gloam.

One file, long as it is: workers get functions of the main program by value, and would have to find those of other modules.
"""

import functools
import inspect
import itertools
import json
import math
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from pyspark import RDD, SparkConf, SparkContext, SparkFiles, StorageLevel


def element(value):
    """Lists become tuples, which can be keys."""
    return tuple(element(item) for item in value) if isinstance(value, list) else value


def whole(digits):
    """JSON writes floats without a fraction as whole numbers; of large ones, sums would be more exact than those of floats."""
    return int(digits) if len(digits) < 16 else float(digits)


UNARY = {
    "same": lambda by, of: lambda value: value,
    "add": lambda by, of: lambda value: value + by,
    "times": lambda by, of: lambda value: value * by,
    "modulo": lambda by, of: lambda value: value % by,
    "negate": lambda by, of: lambda value: 0 - value,
    "floor": lambda by, of: lambda value: math.floor(value),
    "divide": lambda by, of: lambda value: value / by,
    "squareRoot": lambda by, of: lambda value: math.sqrt(abs(value)),
    "describe": lambda by, of: lambda value: f"n{value}",
    "nullIfMultiple": lambda by, of: lambda value: None if value % by == 0 else value,
    "numbersBelow": lambda by, of: lambda value: tuple(range(value % by)),
    "length": lambda by, of: lambda value: len(value),
    "characters": lambda by, of: lambda value: tuple(value),
    "words": lambda by, of: lambda value: tuple(value.split(" ")),
    "reversed": lambda by, of: lambda value: value[::-1],
    "upper": lambda by, of: lambda value: value.upper(),
    "append": lambda by, of: lambda value: value + by,
    "size": lambda by, of: lambda value: len(value),
    "backwards": lambda by, of: lambda value: value[::-1],
    "isNull": lambda by, of: lambda value: 1 if value is None else 0,
    "orElse": lambda by, of: lambda value: by if value is None else value,
    "swap": lambda by, of: lambda value: (value[1], value[0]),
    "first": lambda by, of: lambda value: value[0],
    "second": lambda by, of: lambda value: value[1],
    "onKey": lambda by, of: lambda value: (of[0](value[0]), value[1]),
    "each": lambda by, of: lambda value: tuple(of[0](item) for item in value),
    "pair": lambda by, of: lambda value: (of[0](value), of[1](value)),
    "chain": lambda by, of: lambda value: of[1](of[0](value)),
    "sorted": lambda by, of: lambda value: tuple(sorted(value)),
}

PREDICATE = {
    "notMultiple": lambda by, of: lambda value: value % by != 0,
    "below": lambda by, of: lambda value: value < by,
    "longer": lambda by, of: lambda value: len(value) > by,
    "larger": lambda by, of: lambda value: len(value) > by,
    "isThere": lambda by, of: lambda value: value is not None,
    "ofKey": lambda by, of: lambda value: of[0](value[0]),
    "ofValue": lambda by, of: lambda value: of[0](value[1]),
}

BINARY = {
    "sum": lambda by, of: lambda a, b: a + b,
    "sumModulo": lambda by, of: lambda a, b: (a + b) % by,
    "largest": lambda by, of: lambda a, b: b if b > a else a,
    "smallest": lambda by, of: lambda a, b: b if b < a else a,
    "concatenate": lambda by, of: lambda a, b: a + b,
}


def made(table, call):
    return table[call["name"]](element(call.get("by")), [made(table, each) for each in call.get("of", [])])


def sum_of(call):
    number = made(UNARY, call)
    return lambda sums, value: (sums[0] + number(value), sums[1] + 1)


def add_sums(a, b):
    return (a[0] + b[0], a[1] + b[1])


def tuples(groups):
    return tuple(tuple(group) for group in groups)


SEED = 7

# Where pipelines write; it goes with the program.
DIRECTORY = tempfile.mkdtemp()
paths = itertools.count()


def new_path():
    return os.path.join(DIRECTORY, f"path-{next(paths)}")


def written(rdd):
    """Saves each element as its text."""
    path = new_path()
    rdd.saveAsTextFile(path)
    return path


def lines_of(text):
    return [line for line in text.split("\n") if line != ""]


def source(context, step):
    rows, parts = element(step["rows"]), step["partitions"]
    # PySpark's parallelize deals out batches of its own, so that each partition is one element here.
    slices = [rows[len(rows) * part // parts : len(rows) * (part + 1) // parts] for part in range(parts)]
    return context.parallelize(slices, parts).flatMap(lambda rows: rows)


def operate_on_sets(context, step, inputs):
    """What set-operations.ts has; None of what it has not."""
    op, parts, first = step["op"], step.get("partitions"), inputs[0]
    if op in ("subtract", "subtractByKey"):
        return getattr(first, op)(inputs[1], parts)
    if op in ("intersection", "cartesian"):
        return getattr(first, op)(inputs[1])
    if op == "groupWith":
        return first.groupWith(inputs[1]).mapValues(tuples).mapValues(made(UNARY, step["finish"]))
    if op == "unionOfSeveral":
        return context.union([first, inputs[1], first])
    return None


def place(context, step, first):
    """What placing-operations.ts has; None of what it has not."""
    op, parts = step["op"], step.get("partitions")
    fresh = first.filter(lambda value: True)
    if op == "zip":
        return first.zip(first.map(made(UNARY, step["call"])))
    if op == "zipWithUniqueId":
        return first.zipWithUniqueId()
    if op == "persist":
        return fresh.persist(getattr(StorageLevel, step["level"]))
    if op == "cache":
        return fresh.cache()
    if op == "unpersist":
        fresh.persist(getattr(StorageLevel, step["level"])).count()
        return fresh.unpersist()
    if op in ("checkpoint", "localCheckpoint"):
        getattr(fresh, op)()
        return fresh
    if op == "pipe":
        return first.pipe("cat")
    if op == "sample":
        return first.union(first.sample(False, 0.4, SEED)).distinct(parts)
    if op == "sampleByKey":
        return first.map(lambda pair: (pair[0] % 2, pair[1])).sampleByKey(False, {0: 1.0, 1: 0.0}, SEED)
    if op == "randomSplit":
        small, large = first.randomSplit([1, 2], SEED)
        return large.union(small)
    if op == "repartitionAndSortWithinPartitions":
        laid = first.repartitionAndSortWithinPartitions(parts, lambda key: key % parts, step["ascending"])
        return laid.keys().glom().map(tuple)
    if op == "barrier":
        return first.repartition(1).barrier().mapPartitions(lambda values: values).repartition(parts)
    return share(context, step, first) or write(context, op, first)


def share(context, step, first):
    if step["op"] == "broadcast":
        table = context.broadcast(step["rows"])
        return first.map(lambda value: (value + table.value[value % 4]) % 1009)
    if step["op"] == "addFile":
        path = new_path()
        with open(path, "w", encoding="utf-8") as file:
            file.write(str(step["rows"][0]))
        context.addFile(path)
        name = os.path.basename(path)

        def added(value):
            with open(SparkFiles.get(name), encoding="utf-8") as file:
                return (value + int(file.read())) % 1009

        return first.map(added)
    return None


def write(context, op, first):
    if op == "objectFile":
        path = new_path()
        first.saveAsPickleFile(path)
        return context.pickleFile(path)
    if op == "textFile":
        return context.textFile(written(first))
    if op == "wholeTextFiles":
        return context.wholeTextFiles(written(first)).flatMap(lambda pair: lines_of(pair[1]))
    if op == "binaryFiles":
        return context.binaryFiles(written(first)).flatMap(lambda pair: lines_of(pair[1].decode()))
    if op == "binaryRecords":
        path = written(first.map(lambda value: str(value).ljust(9)))
        return context.binaryRecords(path, 10).map(int)
    return None


def operate(context, step, inputs):
    op, parts = step["op"], step.get("partitions")
    call, last = step.get("call"), step.get("finish")
    unary = made(UNARY, call) if call and call["name"] in UNARY else None
    binary = made(BINARY, call) if call and call["name"] in BINARY else None
    finish = made(UNARY, last) if last else None
    if op == "source":
        return source(context, step)
    if op == "range":
        start, end, by = step["rows"]
        return context.range(start, end, by, parts)
    if op == "emptyRdd":
        return context.emptyRDD().repartition(parts)
    first = inputs[0]
    if op in ("map", "flatMap", "mapValues", "flatMapValues", "keyBy"):
        return getattr(first, op)(unary)
    if op == "filter":
        return first.filter(made(PREDICATE, call))
    if op in ("keys", "values", "zipWithIndex"):
        return getattr(first, op)()
    if op == "union":
        return first.union(inputs[1])
    if op in ("coalesce", "repartition", "distinct"):
        return getattr(first, op)(parts)
    if op == "glom":
        return first.glom().map(tuple).map(finish or (lambda value: value))
    if op == "countPartitions":
        return first.mapPartitions(lambda values: [sum(1 for _ in values)])
    if op == "countPartitionsWithIndex":
        return first.mapPartitionsWithIndex(lambda index, values: [(index, sum(1 for _ in values))])
    if op == "partitionBy":
        return first.partitionBy(parts, lambda key: key % parts)
    if op == "groupByKey":
        return first.groupByKey(parts).mapValues(tuple).mapValues(finish)
    if op == "groupBy":
        return first.groupBy(unary, parts).mapValues(tuple).mapValues(finish)
    if op == "reduceByKey":
        return first.reduceByKey(binary, parts)
    if op == "foldByKey":
        return first.foldByKey(0, binary, parts)
    if op == "aggregateByKey":
        return first.aggregateByKey((0, 0), sum_of(call), add_sums, parts)
    if op == "aggregateByKeyCounts":
        return first.aggregateByKey(0, lambda count, _: count + 1, lambda a, b: a + b, parts)
    if op == "combineByKey":
        lists = first.combineByKey(lambda v: (v,), lambda c, v: c + (v,), lambda a, b: a + b, parts)
        return lists.mapValues(finish)
    if op == "sortBy":
        return first.sortBy(unary, step["ascending"], parts)
    if op == "sortByKey":
        return first.sortByKey(step["ascending"], parts)
    if op in ("join", "leftOuterJoin", "rightOuterJoin", "fullOuterJoin"):
        return getattr(first, op)(inputs[1], parts)
    if op == "cogroup" and len(inputs) == 2:
        return first.cogroup(inputs[1], parts).mapValues(tuples).mapValues(finish)
    if op == "cogroup":
        # groupWith takes several others, and no number of partitions.
        return first.groupWith(*inputs[1:]).mapValues(tuples).mapValues(finish)
    made_there = operate_on_sets(context, step, inputs) or place(context, step, first)
    if made_there is None:
        raise KeyError(op)
    return made_there


def saved(rdd):
    directory = tempfile.mkdtemp()
    try:
        output = os.path.join(directory, "output")
        rdd.saveAsTextFile(output)
        texts = []
        for name in sorted(os.listdir(output)):
            if name.startswith("part-"):
                with open(os.path.join(output, name), encoding="utf-8", newline="") as part:
                    texts.append(part.read())
        return "".join(texts)
    finally:
        shutil.rmtree(directory)


def act(rdd, action):
    op, count, call = action["op"], action.get("count"), action.get("call")
    if op in ("collect", "count", "first", "sum", "getNumPartitions"):
        return getattr(rdd, op)()
    if op == "toLocalIterator":
        return list(rdd.toLocalIterator())
    if op == "isEmpty":
        return int(rdd.isEmpty())
    if op in ("take", "top", "takeOrdered"):
        return getattr(rdd, op)(count)
    if op == "countByKey":
        return list(rdd.countByKey().items())
    if op == "reduce":
        return rdd.reduce(made(BINARY, call))
    if op == "fold":
        return rdd.fold(action["zero"], made(BINARY, call))
    if op == "aggregate":
        return rdd.aggregate(element(action["zero"]), sum_of(call), add_sums)
    if op == "saveAsTextFile":
        return saved(rdd)
    return act_further(rdd, action)


# Longer than any job takes, in milliseconds.
TIMEOUT = 600_000


def said_of_numbers(rdd, op):
    """None where there is nothing to say: PySpark says 0 or NaN."""
    if rdd.isEmpty():
        return None
    approximate = op in ("sumApprox", "meanApprox")
    number = float(getattr(rdd, op)(TIMEOUT) if approximate else getattr(rdd, op)())
    return None if math.isnan(number) else number


def act_further(rdd, action):
    """What further-actions.ts has."""
    op, count, call = action["op"], action.get("count"), action.get("call")
    if op in ("mean", "variance", "stdev", "sampleVariance", "sampleStdev", "sumApprox", "meanApprox"):
        return said_of_numbers(rdd, op)
    if op == "stats":
        stats = rdd.stats()
        # Its sum is the mean times the count, which is rounded.
        return [0] if stats.count() == 0 else [stats.count(), stats.min(), stats.max()]
    if op == "countApprox":
        return rdd.countApprox(TIMEOUT)
    if op == "countApproxDistinct":
        # Of few elements it may be far off: 1 says that Gloam's, of which more is promised, has to be right.
        return int(rdd.countApproxDistinct(0.05) >= 0)
    if op == "histogram":
        buckets, counts = rdd.histogram(action["bounds"])
        return [buckets, counts]
    if op in ("max", "min"):
        return getattr(rdd, op)()
    if op == "treeReduce":
        return rdd.treeReduce(made(BINARY, call), count)
    if op == "treeAggregate":
        return rdd.treeAggregate(element(action["zero"]), sum_of(call), add_sums, count)
    if op == "forEach":
        total = rdd.context.accumulator(0)
        rdd.foreach(lambda value: total.add(value))
        return total.value
    if op == "forEachPartition":
        length = rdd.context.accumulator(0)
        rdd.foreachPartition(lambda values: length.add(sum(1 for _ in values)))
        return length.value
    if op == "runJob":
        return rdd.context.runJob(rdd, lambda values: [sum(1 for _ in values)])
    if op == "takeSample":
        return len(rdd.takeSample(False, count, SEED))
    if op == "countByValue":
        return list(rdd.countByValue().items())
    if op == "lookup":
        return rdd.lookup(element(action.get("key")))
    if op == "collectAsMap":
        return list(rdd.collectAsMap().items())
    if op == "reduceByKeyLocally":
        return list(rdd.reduceByKeyLocally(made(BINARY, call)).items())
    raise KeyError(op)


def run(context, pipeline):
    try:
        return outcomes_of(context, pipeline)
    except Exception as error:
        raise RuntimeError(f"seed {pipeline['seed']}: {json.dumps(pipeline)}") from error


def outcomes_of(context, pipeline):
    datasets = []
    for step in pipeline["steps"]:
        datasets.append(operate(context, step, [datasets[index] for index in step["inputs"]]))
    outcomes = []
    for action in pipeline["actions"]:
        try:
            outcomes.append({"value": act(datasets[-1], action)})
        except ValueError as error:
            # What first and reduce say of an RDD without elements.
            if "empty" not in str(error):
                raise
            outcomes.append({"empty": True})
    return outcomes


def record_calls(owner, called):
    """Notes which methods of a class this program calls, not counting what PySpark calls itself; gives all of their names."""

    def recorded(name, method):
        @functools.wraps(method)
        def call(*given, **named):
            if sys._getframe(1).f_code.co_filename == __file__:
                called.add(name)
            return method(*given, **named)

        return call

    methods = {name: method for name, method in vars(owner).items() if inspect.isfunction(method) and name[0] != "_"}
    for name, method in methods.items():
        setattr(owner, name, recorded(f"{owner.__name__}.{name}", method))
    return [f"{owner.__name__}.{name}" for name in methods]


def main(source_path, outcome_path):
    with open(source_path, encoding="utf-8") as file:
        pipelines = json.load(file, parse_int=whole)
    conf = SparkConf().setMaster("local[2]").setAppName("random pipelines")
    conf.set("spark.ui.enabled", "false").set("spark.driver.host", "127.0.0.1").set("spark.log.level", "ERROR")
    conf.set("spark.ui.showConsoleProgress", "false")
    # Thousands of tiny tasks: what takes long to compile, or many threads to collect, does not pay.
    conf.set("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    called = set()
    names = record_calls(RDD, called) + record_calls(SparkContext, called)
    with SparkContext(conf=conf) as context, ThreadPoolExecutor(3) as threads:
        context.setCheckpointDir(new_path())
        outcomes = list(threads.map(lambda pipeline: run(context, pipeline), pipelines))
    with open(outcome_path, "w", encoding="utf-8") as file:
        json.dump({"outcomes": outcomes, "names": names, "called": sorted(called)}, file)
    shutil.rmtree(DIRECTORY)


main(*sys.argv[1:])
