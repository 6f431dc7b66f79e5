"""Runs the pipelines of a JSON file in PySpark, and writes what their actions give as JSON: what run-in-gloam.ts does in Gloam."""

import json
import math
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from pyspark import SparkConf, SparkContext


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


def source(context, step):
    rows, parts = element(step["rows"]), step["partitions"]
    # PySpark's parallelize deals out batches of its own, so that each partition is one element here.
    slices = [rows[len(rows) * part // parts : len(rows) * (part + 1) // parts] for part in range(parts)]
    return context.parallelize(slices, parts).flatMap(lambda rows: rows)


def operate(context, step, inputs):
    op, parts = step["op"], step.get("partitions")
    call, last = step.get("call"), step.get("finish")
    unary = made(UNARY, call) if call and call["name"] in UNARY else None
    binary = made(BINARY, call) if call and call["name"] in BINARY else None
    finish = made(UNARY, last) if last else None
    if op == "source":
        return source(context, step)
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
    raise KeyError(op)


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
    raise KeyError(op)


def run(context, pipeline):
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


def main(source_path, outcome_path):
    with open(source_path, encoding="utf-8") as file:
        pipelines = json.load(file, parse_int=whole)
    conf = SparkConf().setMaster("local[2]").setAppName("random pipelines")
    conf.set("spark.ui.enabled", "false").set("spark.driver.host", "127.0.0.1").set("spark.log.level", "ERROR")
    conf.set("spark.ui.showConsoleProgress", "false")
    # Thousands of tiny tasks: what takes long to compile, or many threads to collect, does not pay.
    conf.set("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    with SparkContext(conf=conf) as context, ThreadPoolExecutor(3) as threads:
        outcomes = list(threads.map(lambda pipeline: run(context, pipeline), pipelines))
    with open(outcome_path, "w", encoding="utf-8") as file:
        json.dump(outcomes, file)


main(*sys.argv[1:])
