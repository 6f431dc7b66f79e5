import org.apache.spark.{HashPartitioner, SparkConf, SparkContext}
import org.apache.spark.rdd.RDD

/** The workloads as Scala RDD code. args: workload */
object PeerBench {
  val scale: Double = sys.env.getOrElse("PEERS_SCALE", "1").toDouble
  val data: String = sys.env("PEERS_DATA")
  val parts = 8
  def sized(n: Long): Long = (n * scale).toLong

  def wordcount(sc: SparkContext): String = {
    val counts = sc.textFile(s"$data/wordcount").flatMap(_.split("\\s+")).map((_, 1)).reduceByKey(_ + _).cache()
    val distinct = counts.count()
    val top = counts.top(10)(Ordering.by(_._2))
    s"distinct=$distinct top=" + top.map { case (w, c) => s"$w:$c" }.mkString(",")
  }

  def sort(sc: SparkContext): String = {
    val out = sys.env("PEERS_OUT")
    sc.textFile(s"$data/sort").map(l => (l.substring(0, 10), l.substring(11)))
      .sortByKey(numPartitions = parts).map { case (k, v) => s"$k $v" }.saveAsTextFile(out)
    "files"
  }

  def reducebykey(sc: SparkContext): String = {
    val sums = sc.range(0, sized(20000000L), 1, parts)
      .map(i => (((i * 1664525L + 1013904223L) % 1000003L).toInt, (i % 1000) * 0.5))
      .reduceByKey(_ + _)
    val (keys, check) = sums.map { case (k, v) => (1L, v * (k % 97)) }
      .reduce((a, b) => (a._1 + b._1, a._2 + b._2))
    f"keys=$keys sum=$check%.1f"
  }

  def join(sc: SparkContext): String = {
    val left = sc.range(0, sized(5000000L), 1, parts)
      .map(i => (((i * 1664525L + 1013904223L) % 2000003L).toInt, (i % 1000).toInt))
    val right = sc.range(0, sized(1000000L), 1, parts).map(j => ((j * 48271L % 1000003L).toInt, (j % 1000).toInt))
    val (count, sum) = left.join(right).map { case (_, (a, b)) => (1L, (a + b).toLong) }
      .reduce((a, b) => (a._1 + b._1, a._2 + b._2))
    s"count=$count sum=$sum"
  }

  def pagerank(sc: SparkContext): String = {
    val links = sc.textFile(s"$data/pagerank").map { l =>
      val s = l.split(" "); (s(0).toInt, s(1).toInt)
    }.groupByKey(new HashPartitioner(parts)).cache()
    var ranks: RDD[(Int, Double)] = links.mapValues(_ => 1.0)
    for (_ <- 1 to 10) {
      val contribs = links.join(ranks).values.flatMap { case (targets, rank) =>
        val share = rank / targets.size
        targets.map(t => (t, share))
      }
      ranks = contribs.reduceByKey(_ + _).mapValues(0.15 + 0.85 * _)
    }
    val result = ranks.cache()
    val total = result.values.sum()
    val top = result.top(5)(Ordering.by(_._2))
    f"sum=$total%.3f top=" + top.map { case (n, r) => f"$n:$r%.3f" }.mkString(",")
  }

  def nearest(p: Array[Double], centres: Array[Array[Double]]): (Int, Double) = {
    var best = 0
    var bestDistance = Double.PositiveInfinity
    var c = 0
    while (c < centres.length) {
      val centre = centres(c)
      var d = 0.0
      var j = 0
      while (j < p.length) { val t = p(j) - centre(j); d += t * t; j += 1 }
      if (d < bestDistance) { bestDistance = d; best = c }
      c += 1
    }
    (best, bestDistance)
  }

  def kmeans(sc: SparkContext): String = {
    val parse = (line: String) => line.split(",").map(_.toDouble)
    val points = sc.textFile(s"$data/kmeans").map(parse).cache()
    var centres = sc.textFile(s"$data/kmeans/part-00000").take(10).map(parse) // a directory's file order is not fixed
    for (_ <- 1 to 10) {
      val current = centres
      val sums = points.map(p => (nearest(p, current)._1, (p, 1L))).reduceByKey((a, b) =>
        (Array.tabulate(10)(j => a._1(j) + b._1(j)), a._2 + b._2)
      ).collectAsMap()
      centres = Array.tabulate(10)(c => sums.get(c).map { case (s, n) => s.map(_ / n) }.getOrElse(current(c)))
    }
    val last = centres
    val cost = points.map(p => nearest(p, last)._2).sum()
    f"cost=$cost%.1f"
  }

  def logreg(sc: SparkContext): String = {
    val points = sc.textFile(s"$data/logreg").map { l =>
      val v = l.split(",").map(_.toDouble); (v(0), v.drop(1))
    }.cache()
    val n = points.count()
    var w = new Array[Double](10)
    for (_ <- 1 to 20) {
      val current = w
      val gradient = points.map { case (y, x) =>
        var dot = 0.0
        var j = 0
        while (j < x.length) { dot += current(j) * x(j); j += 1 }
        val s = (1 / (1 + math.exp(-y * dot)) - 1) * y
        x.map(_ * s)
      }.reduce((a, b) => Array.tabulate(a.length)(j => a(j) + b(j)))
      w = Array.tabulate(10)(j => current(j) - gradient(j) / n)
    }
    "w=" + w.map(v => f"$v%.6f").mkString(",")
  }

  def startup(sc: SparkContext): String = s"sum=${sc.parallelize(1 to 100).sum().toLong}"

  def tinytasks(sc: SparkContext): String = s"count=${sc.parallelize(0 until 10000, 10000).count()}"

  def tinyjobs(sc: SparkContext): String = {
    var total = 0L
    for (_ <- 1 to 100) total += sc.parallelize(1 to 100, 2).sum().toLong
    s"sum=$total"
  }

  def main(args: Array[String]): Unit = {
    val sc = new SparkContext(new SparkConf().setAppName("peers"))
    sc.setLogLevel("ERROR")
    val begin = System.nanoTime()
    val check = args(0) match {
      case "wordcount" => wordcount(sc)
      case "sort" => sort(sc)
      case "reducebykey" => reducebykey(sc)
      case "join" => join(sc)
      case "pagerank" => pagerank(sc)
      case "kmeans" => kmeans(sc)
      case "logreg" => logreg(sc)
      case "startup" => startup(sc)
      case "tinytasks" => tinytasks(sc)
      case "tinyjobs" => tinyjobs(sc)
    }
    val seconds = (System.nanoTime() - begin) / 1e9
    println(f"""RESULT {"seconds":$seconds%.3f,"check":"$check"}""")
    sc.stop()
  }
}
