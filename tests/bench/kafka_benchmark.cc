// From Kafka to alerts on a real broker: how many client CPU seconds it takes, beside a consumer
// that only counts the messages, and how long an alert takes.
//
//   kafka_benchmark [--records=N] [--rounds=N] [--rate=N] [--seconds=N] [--only=cpu|latency]
//
// The keyed events of B1 as JSON of 258 bytes, on three topics of 12 partitions: type 0, 1, 2 and
// the rest spread evenly, keyed by user. The counter is a librdkafka consumer with the properties
// of the daemon's own and the same poll call; it and the daemon run in turn, each as a child
// process whose CPU time the kernel tells. A run with another number of alerts than a plain count
// over the events finds is void, and the exit code is then 1. `--benchmark_min_time=` (as ctest has
// it): a small run, to see that it works.
#include <librdkafka/rdkafka.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/config/config.h"
#include "daemon/kafka/client.h"
#include "daemon/kafka/source.h"
#include "tests/bench/workload.h"
#include "tests/support/http_get.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/ports.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace telltale::bench {
namespace {

constexpr int kTopics = 3;
constexpr int kPartitions = 12;
constexpr uint64_t kKeys = 10'000;
constexpr int64_t kWithinMs = 600'000;
constexpr absl::Duration kRunLimit = absl::Minutes(5);
constexpr double kBarRatio = 0.6;
constexpr double kBarSeconds = 0.05;

struct Options {
  size_t records = 3'000'000;
  int rounds = 3;
  size_t rate = 0;  // records a second while the latency is measured; 0: half of what it can take
  size_t seconds = 20;
  bool cpu = true;
  bool latency = true;
};

[[noreturn]] void Void(const std::string& reason) {
  std::printf("void: %s\n", reason.c_str());
  std::fflush(stdout);
  std::_Exit(1);  // children die with this thread
}

void Check(const absl::Status& status, const std::string& what) {
  if (!status.ok()) Void(absl::StrCat(what, ": ", status.message()));
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Of all children that have ended.
double ChildrenCpu() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

// The matches of B1 by a plain count: every type 0 waits for the next type 1 with a value above
// 500, then for the next type 2, of its key.
uint64_t PlainCount(const std::vector<KeyedEvent>& events) {
  struct Waiting {
    std::vector<int64_t> first;
    std::vector<int64_t> second;
  };
  std::vector<Waiting> waiting(kKeys);
  uint64_t matches = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    const auto now = static_cast<int64_t>(i);
    Waiting& of_key = waiting[static_cast<size_t>(events[i].key)];
    if (events[i].type == 0) of_key.first.push_back(now);
    if (events[i].type == 1 && events[i].value > 500) {
      of_key.second.insert(of_key.second.end(), of_key.first.begin(), of_key.first.end());
      of_key.first.clear();
    }
    if (events[i].type == 2) {
      for (int64_t start : of_key.second) matches += now - start <= kWithinMs ? 1 : 0;
      of_key.second.clear();
    }
  }
  return matches;
}

std::string User(int64_t key) { return absl::StrFormat("user-%07d", key); }

std::string Json(size_t i, const KeyedEvent& event) {
  return absl::StrFormat(
      "{\"event_id\":\"%032x\",\"ts\":%d,\"type\":\"login_failed_%02d\",\"user_id\":\"%s\","
      "\"src_ip\":\"10.1.2.3\",\"amount\":%d.25,\"status\":%d,\"geo\":{\"country\":\"DE\","
      "\"city\":\"Berlin\"},\"device\":\"android-14-pixel\",\"session\":\"%016x\",\"ok\":true}",
      i, i, event.type, User(event.key), event.value, event.value, i * 7919);
}

// Writes the workload, in order within each partition.
class Writer {
 public:
  Writer(const std::string& bootstrap, const std::string& prefix, int linger_ms) {
    kafka::ClientCallbacks callbacks;
    callbacks.context = &failed_;
    callbacks.delivered = [](rd_kafka_t*, const rd_kafka_message_t* report, void* failed) {
      if (report->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<size_t*>(failed);
    };
    auto producer = kafka::MakeClient(RD_KAFKA_PRODUCER,
                                      {{"bootstrap.servers", bootstrap},
                                       {"linger.ms", absl::StrCat(linger_ms)},
                                       {"enable.idempotence", "true"},
                                       {"partitioner", "murmur2_random"},
                                       {"queue.buffering.max.messages", "1000000"},
                                       {"socket.nagle.disable", "true"}},
                                      callbacks);
    Check(producer.status(), "producer");
    producer_ = *std::move(producer);
    for (int i = 0; i < kTopics; ++i) {
      topics_[static_cast<size_t>(i)] =
          rd_kafka_topic_new(producer_.get(), absl::StrCat(prefix, ".", i).c_str(), nullptr);
    }
  }
  ~Writer() {
    for (rd_kafka_topic_t* topic : topics_) rd_kafka_topic_destroy(topic);
  }

  void Send(size_t i, const KeyedEvent& event) {
    Send(static_cast<size_t>(event.type) % kTopics, RD_KAFKA_PARTITION_UA, User(event.key),
         Json(i, event));
  }

  // Ends what still waits, in every partition; true where all is acknowledged.
  bool Close(size_t count) {
    const size_t far = count + 2 * kWithinMs;
    for (size_t topic = 0; topic < kTopics; ++topic) {
      for (int32_t partition = 0; partition < kPartitions; ++partition) {
        Send(topic, partition, "closer", Json(far, {.type = 19, .key = 0, .value = 0}));
      }
    }
    rd_kafka_flush(producer_.get(), 120'000);
    return failed_ == 0 && rd_kafka_outq_len(producer_.get()) == 0;
  }

 private:
  void Send(size_t topic, int32_t partition, const std::string& key, std::string value) {
    while (rd_kafka_produce(topics_[topic], partition, RD_KAFKA_MSG_F_COPY, value.data(),
                            value.size(), key.data(), key.size(), nullptr) != 0) {
      if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL) Void("a record was refused");
      rd_kafka_poll(producer_.get(), 10);
    }
    if (++sent_ % 256 == 0) rd_kafka_poll(producer_.get(), 0);
  }

  size_t failed_ = 0;
  size_t sent_ = 0;
  kafka::Client producer_;
  std::array<rd_kafka_topic_t*, kTopics> topics_{};
};

// Three topics with the workload, and what is run over them.
class Bench {
 public:
  Bench(support::KafkaBroker& broker, const std::string& name, size_t records)
      : broker_(broker), prefix_(name), events_(MakeKeyedEvents(records, kKeys)) {
    expected_ = PlainCount(events_);
    for (int i = 0; i < kTopics; ++i) {
      Check(broker_.client().CreateTopic(absl::StrCat(prefix_, ".", i), kPartitions), "topic");
    }
    dir_.Write("b1.yml", R"(id: b1
by: user_id
sequence:
  - first: { on: s0, where: 'type == "login_failed_00"' }
  - second: { on: s1, where: 'type == "login_failed_01" && status > 500' }
  - third: { on: s2, where: 'type == "login_failed_02"' }
within: 600s
)");
  }

  uint64_t expected() const { return expected_; }
  size_t records() const { return events_.size(); }
  size_t all_records() const { return events_.size() + kTopics * kPartitions; }

  void Fill() {
    Writer writer(broker_.bootstrap(), prefix_, 20);
    for (size_t i = 0; i < events_.size(); ++i) writer.Send(i, events_[i]);
    if (!writer.Close(events_.size())) Void("the topics could not be filled");
  }

  void FillAt(size_t rate) {
    Writer writer(broker_.bootstrap(), prefix_, 1);
    const absl::Time begin = absl::Now();
    for (size_t i = 0; i < events_.size(); ++i) {
      const absl::Time due = begin + absl::Microseconds(i * 1'000'000 / rate);
      if (i % 16 == 0 && due > absl::Now()) absl::SleepFor(due - absl::Now());
      writer.Send(i, events_[i]);
    }
    if (!writer.Close(events_.size())) Void("the topics could not be filled");
  }

  // A config of its own for each run: a new group, a new topic for the alerts.
  struct Run {
    std::string config;
    std::string alerts;
    uint16_t http = 0;
  };
  Run NewRun() {
    Run run;
    const std::string name = absl::StrCat(prefix_, "-run", ++runs_);
    run.alerts = absl::StrCat(name, ".alerts");
    run.http = support::FreePort();
    Check(broker_.client().CreateTopic(run.alerts, 1), "topic");
    std::string text = absl::StrCat("kafka: { bootstrap.servers: \"", broker_.bootstrap(),
                                    "\" }\ngroup: ", name, "\nstreams:\n");
    for (int i = 0; i < kTopics; ++i) {
      absl::StrAppend(&text, "  s", i, ": { topic: ", prefix_, ".", i, ", time: { field: ts } }\n");
    }
    absl::StrAppend(&text, "rules: [ b1.yml ]\nalerts: { topic: ", run.alerts,
                    " }\nhttp: { listen: \"127.0.0.1:", run.http,
                    "\" }\ngrpc: { listen: \"127.0.0.1:", support::FreePort(), "\" }\n");
    run.config = dir_.Write(absl::StrCat(name, ".yml"), text);
    return run;
  }

  uint64_t Alerts(const Run& run) {
    auto offsets = broker_.client().Offsets(run.alerts, 0);
    return offsets.ok() ? static_cast<uint64_t>(offsets->second) : 0;
  }

  void AwaitAlerts(const Run& run, support::Process& daemon) {
    const absl::Time deadline = absl::Now() + kRunLimit;
    while (Alerts(run) < expected_) {
      if (absl::Now() > deadline || !daemon.Running()) {
        Void(absl::StrCat(Alerts(run), " alerts and not ", expected_, "\n", daemon.Stderr()));
      }
      absl::SleepFor(absl::Milliseconds(50));
    }
  }

  // Ends the daemon and sees that it has read everything and alerted of nothing else.
  void Finish(const Run& run, support::Process& daemon) {
    auto metrics = support::HttpGet(run.http, "/metrics");
    if (!metrics.ok()) Void(std::string(metrics.status().message()));
    double read = 0;
    for (int i = 0; i < kTopics; ++i) {
      read += support::MetricValue(metrics->body,
                                   absl::StrCat("telltale_events_total{stream=\"s", i, "\"}"))
                  .value_or(0);
    }
    if (read != static_cast<double>(all_records())) Void(absl::StrCat(read, " records read"));
    if (daemon.Terminate(absl::Seconds(60)).value_or(-1) != 0) Void(daemon.Stderr());
    if (Alerts(run) != expected_) Void(absl::StrCat(Alerts(run), " alerts and not ", expected_));
  }

 private:
  support::KafkaBroker& broker_;
  const std::string prefix_;
  const std::vector<KeyedEvent> events_;
  uint64_t expected_ = 0;
  int runs_ = 0;
  support::TempDir dir_;
};

struct Cost {
  double cpu = 0;   // seconds of all the threads of the child
  double wall = 0;  // seconds, its start included
};

Cost RunCounter(Bench& bench) {
  const Bench::Run run = bench.NewRun();
  const double before = ChildrenCpu();
  const absl::Time begin = absl::Now();
  support::ProcessOptions options;
  options.args = {"/proc/self/exe", absl::StrCat("--count=", run.config),
                  absl::StrCat("--records=", bench.all_records())};
  const support::ProcessResult result = support::RunProcess(options, kRunLimit);
  if (result.exit_code != 0) Void(absl::StrCat("the counter failed: ", result.err));
  return {ChildrenCpu() - before, absl::ToDoubleSeconds(absl::Now() - begin)};
}

Cost RunTelltale(Bench& bench) {
  const Bench::Run run = bench.NewRun();
  const double before = ChildrenCpu();
  const absl::Time begin = absl::Now();
  support::Process daemon({support::Binary("telltale"), "run", "-c", run.config});
  bench.AwaitAlerts(run, daemon);
  const double wall = absl::ToDoubleSeconds(absl::Now() - begin);
  bench.Finish(run, daemon);
  return {ChildrenCpu() - before, wall};
}

// The child process: counts so many messages, and nothing else.
int Count(const std::string& config_path, size_t records) {
  const config::ConfigResult config = config::LoadConfig(config_path);
  if (!config.config.has_value()) return 2;
  kafka::Properties properties = kafka::ConsumerProperties(*config.config);
  properties.emplace_back("auto.offset.reset", "earliest");  // the daemon seeks by itself
  auto consumer = kafka::MakeClient(RD_KAFKA_CONSUMER, properties, {});
  if (!consumer.ok()) return 3;
  rd_kafka_poll_set_consumer(consumer->get());
  kafka::Partitions topics(rd_kafka_topic_partition_list_new(0));
  for (const config::StreamConfig& stream : config.config->streams) {
    rd_kafka_topic_partition_list_add(topics.get(), stream.topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (rd_kafka_subscribe(consumer->get(), topics.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return 4;
  for (size_t count = 0; count < records;) {
    const kafka::Message message(rd_kafka_consumer_poll(consumer->get(), 5));
    if (message != nullptr && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++count;
  }
  rd_kafka_consumer_close(consumer->get());
  return 0;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

void MeasureCpu(support::KafkaBroker& broker, const Options& options) {
  Bench bench(broker, "b10", options.records);
  bench.Fill();
  std::printf("%zu records, %" PRIu64 " alerts expected\n", bench.all_records(), bench.expected());
  std::printf("%5s  %21s  %21s  %s\n", "round", "counter CPU s/M, wall", "telltale CPU s/M, wall",
              "ratio of CPU");
  const double millions = static_cast<double>(bench.all_records()) * 1e-6;
  std::vector<double> counter_cpu;
  std::vector<double> telltale_cpu;
  std::vector<double> ratios;
  for (int round = 1; round <= options.rounds; ++round) {
    const Cost counter = RunCounter(bench);
    const Cost telltale = RunTelltale(bench);
    counter_cpu.push_back(counter.cpu / millions);
    telltale_cpu.push_back(telltale.cpu / millions);
    ratios.push_back(counter.cpu / telltale.cpu);
    std::printf("%5d  %12.3f %6.2f s  %13.3f %6.2f s  %.2f\n", round, counter_cpu.back(),
                counter.wall, telltale_cpu.back(), telltale.wall, ratios.back());
    std::fflush(stdout);
  }
  std::printf("median %12.3f %9s %13.3f %9s %.2f (%.2f to %.2f), bar %.2f\n", Median(counter_cpu),
              "", Median(telltale_cpu), "", Median(ratios),
              *std::min_element(ratios.begin(), ratios.end()),
              *std::max_element(ratios.begin(), ratios.end()), kBarRatio);
}

struct Bucket {
  double bound = 0;
  double count = 0;  // of all up to the bound
};

std::vector<Bucket> Latencies(const std::string& exposition) {
  std::vector<Bucket> buckets;
  for (absl::string_view line : absl::StrSplit(exposition, '\n')) {
    if (!absl::ConsumePrefix(&line, "telltale_consume_to_acknowledge_seconds_bucket{le=\"")) {
      continue;
    }
    const std::vector<std::string> parts = absl::StrSplit(line, "\"} ");
    Bucket bucket{INFINITY, 0};
    if (parts.size() != 2 || !absl::SimpleAtod(parts[1], &bucket.count)) Void("no histogram");
    if (parts[0] != "+Inf" && !absl::SimpleAtod(parts[0], &bucket.bound)) Void("no histogram");
    buckets.push_back(bucket);
  }
  return buckets;
}

// The bound of the bucket that holds the quantile.
double Quantile(const std::vector<Bucket>& buckets, double q) {
  for (const Bucket& bucket : buckets) {
    if (bucket.count >= q * buckets.back().count) return bucket.bound;
  }
  return INFINITY;
}

// How many records a second the daemon takes with a writer that is as fast as it can be beside it.
size_t MeasureFullLoad(support::KafkaBroker& broker, size_t records) {
  Bench bench(broker, "b10-full", records);
  const Bench::Run run = bench.NewRun();
  support::Process daemon({support::Binary("telltale"), "run", "-c", run.config});
  Check(support::WaitForHttpStatus(run.http, "/readyz", 200, absl::Seconds(60)).status(), "ready");
  const absl::Time begin = absl::Now();
  bench.Fill();
  bench.AwaitAlerts(run, daemon);
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  bench.Finish(run, daemon);
  const auto rate = static_cast<size_t>(static_cast<double>(bench.all_records()) / seconds);
  std::printf("full load: %zu records/s, writer and broker beside it\n", rate);
  return rate;
}

void MeasureLatency(support::KafkaBroker& broker, const Options& options) {
  const size_t rate =
      options.rate != 0 ? options.rate : MeasureFullLoad(broker, options.records) / 2;
  Bench bench(broker, "b10-rate", rate * options.seconds);
  const Bench::Run run = bench.NewRun();
  support::Process daemon({support::Binary("telltale"), "run", "-c", run.config});
  Check(support::WaitForHttpStatus(run.http, "/readyz", 200, absl::Seconds(60)).status(), "ready");
  bench.FillAt(rate);
  bench.AwaitAlerts(run, daemon);
  absl::SleepFor(absl::Milliseconds(200));  // the last acknowledgements
  const auto metrics = support::HttpGet(run.http, "/metrics");
  Check(metrics.status(), "metrics");
  bench.Finish(run, daemon);
  const std::vector<Bucket> buckets = Latencies(metrics->body);
  if (buckets.empty() || buckets.back().count != static_cast<double>(bench.expected())) {
    Void("the histogram has another number of alerts");
  }
  std::printf("%zu records/s for %zu s, %" PRIu64
              " alerts, fetch to acknowledgement: p50 <= %g ms, "
              "p99 <= %g ms, p99.9 <= %g ms, bar %g ms\n",
              rate, options.seconds, bench.expected(), Quantile(buckets, 0.5) * 1e3,
              Quantile(buckets, 0.99) * 1e3, Quantile(buckets, 0.999) * 1e3, kBarSeconds * 1e3);
  double before = 0;
  for (const Bucket& bucket : buckets) {
    if (bucket.count > before) {
      std::printf("  <= %5g ms: %.2f %%\n", bucket.bound * 1e3,
                  100 * bucket.count / buckets.back().count);
    }
    before = bucket.count;
  }
}

int Main(int argc, char** argv) {
  Options options;
  std::string count;
  for (int i = 1; i < argc; ++i) {
    absl::string_view text = argv[i];
    int rounds = 0;
    if (absl::ConsumePrefix(&text, "--count=")) {
      count = std::string(text);
    } else if (absl::ConsumePrefix(&text, "--benchmark_min_time=")) {
      options = {.records = 60'000, .rounds = 1, .rate = 20'000, .seconds = 3};
    } else if (absl::ConsumePrefix(&text, "--only=")) {
      options.cpu = text == "cpu";
      options.latency = text == "latency";
    } else if ((absl::ConsumePrefix(&text, "--records=") &&
                absl::SimpleAtoi(text, &options.records)) ||
               (absl::ConsumePrefix(&text, "--rounds=") && absl::SimpleAtoi(text, &rounds)) ||
               (absl::ConsumePrefix(&text, "--rate=") && absl::SimpleAtoi(text, &options.rate)) ||
               (absl::ConsumePrefix(&text, "--seconds=") &&
                absl::SimpleAtoi(text, &options.seconds))) {
      if (rounds > 0) options.rounds = rounds;
    } else {
      std::fprintf(stderr, "kafka_benchmark: unknown argument %s\n", argv[i]);
      return 2;
    }
  }
  if (!count.empty()) return Count(count, options.records);
  auto broker = support::KafkaBroker::Create();
  Check(broker.status(), "broker");
  if (options.cpu) MeasureCpu(**broker, options);
  if (options.latency) MeasureLatency(**broker, options);
  return 0;
}

}  // namespace
}  // namespace telltale::bench

int main(int argc, char** argv) { return telltale::bench::Main(argc, argv); }
