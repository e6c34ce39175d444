// What a condition costs, beside the same condition as a C++ lambda that reads the same slots.
//
// Events are evaluated in a ring that fits the cache: it is the evaluation that is measured, not
// memory.
#include <arpa/inet.h>
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "engine/condition/condition.h"
#include "engine/condition/scratch.h"
#include "rules/load/cel/cel.h"

namespace telltale::engine {
namespace {

constexpr size_t kEvents = 64;  // a power of two

// A condition on payments, whose earlier step `login` is of stream 0; the layouts are in the order
// of their paths.
class Workload {
 public:
  explicit Workload(const std::string& text) {
    rules::Stream logins;
    logins.name = "logins";
    rules::Stream payments;
    payments.name = "payments";
    const rules::StreamCatalog catalog({logins, payments});
    rules::Scope scope;
    scope.streams = &catalog;
    scope.event = 1;
    scope.steps = {{.name = "device", .stream = 0, .index = 0, .is_list = false}};
    rules::Diagnostics diagnostics;
    const rules::LocatedText located(text,
                                     std::make_shared<const rules::SourceFile>("rule.yml", text));
    const auto expression =
        rules::Compile(located, scope, rules::Type::Of(rules::TypeKind::kBool), diagnostics);
    if (!expression.has_value()) {
      std::cerr << rules::Render(diagnostics);
      std::abort();
    }
    layouts_ = {EventLayout({{{"id"}, {}, false}}), EventLayout({{{"amount"}, {}, false},
                                                                 {{"country"}, {}, false},
                                                                 {{"device_id"}, {}, false},
                                                                 {{"note"}, {}, false},
                                                                 {{"source_ip"}, {}, false}})};
    program_ = *Compile(*expression, layouts_);
    login_.Begin(0, 1);
    login_.SetString(login_.slot(0), "device-4711");
    login_event_ = login_.Finish(0, 0, 0);
    step_ = {&login_event_, 1};
    for (size_t i = 0; i < kEvents; ++i) Add(i);
  }

  const Program& program() const { return *program_; }
  Frame FrameOf(size_t i) const {
    Frame frame;
    frame.event = events_[i % kEvents];
    frame.steps = &step_;
    return frame;
  }

 private:
  void Add(size_t i) {
    EventBuilder& builder = builders_[i];
    builder.Begin(1, 5);
    builder.SetDouble(builder.slot(0), 1500.0 + static_cast<double>(i));
    builder.SetString(builder.slot(1), "FR");
    builder.SetString(builder.slot(2), i % 2 == 0 ? "device-4711" : "device-4712");
    builder.SetString(builder.slot(3), "transfer to savings 2026");
    builder.SetString(builder.slot(4), i % 2 == 0 ? "10.20.30.40" : "192.168.100.200");
    events_[i] = builder.Finish(0, 0, 0);
  }

  std::vector<EventLayout> layouts_;
  std::shared_ptr<const Program> program_;
  EventBuilder login_;
  const Event* login_event_ = nullptr;
  StepEvents step_;
  EventBuilder builders_[kEvents];
  const Event* events_[kEvents] = {};
};

void RunCondition(benchmark::State& state, const char* text) {
  Workload workload(text);
  Scratch scratch;
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Test(workload.program(), workload.FrameOf(i++), scratch));
  }
  state.SetItemsProcessed(state.iterations());
}

template <typename Condition>
void RunLambda(benchmark::State& state, Condition condition) {
  Workload workload("amount > 1000.0");
  size_t i = 0;
  for (auto _ : state) {
    Frame frame = workload.FrameOf(i++);
    benchmark::DoNotOptimize(frame);
    benchmark::DoNotOptimize(condition(frame));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(RunCondition, one_comparison, "amount > 1000.0");
BENCHMARK_CAPTURE(RunLambda, one_comparison, [](const Frame& frame) {
  const Value amount = frame.event->slot(0);
  return amount.is(ValueKind::kDouble) && amount.as_double() > 1000.0;
});

BENCHMARK_CAPTURE(RunCondition, three_and,
                  "amount > 1000.0 && country != \"DE\" && device_id == device.id");
BENCHMARK_CAPTURE(RunLambda, three_and, [](const Frame& frame) {
  const Value amount = frame.event->slot(0);
  const Value country = frame.event->slot(1);
  const Value device = frame.event->slot(2);
  const Value login = frame.steps[0].events[0]->slot(0);
  return amount.is(ValueKind::kDouble) && amount.as_double() > 1000.0 &&
         country.is(ValueKind::kString) && country.as_string() != "DE" &&
         device.is(ValueKind::kString) && login.is(ValueKind::kString) &&
         device.as_string() == login.as_string();
});

BENCHMARK_CAPTURE(RunCondition, in_list,
                  "country in ['DE', 'AT', 'CH', 'IT', 'FR', 'ES', 'PT', 'NL']");
BENCHMARK_CAPTURE(RunCondition, starts_with, "note.startsWith('transfer')");
BENCHMARK_CAPTURE(RunCondition, matches, "note.matches('sav[a-z]+ [0-9]{4}$')");
BENCHMARK_CAPTURE(RunCondition, lower_ascii, "country.lowerAscii() == 'fr'");
BENCHMARK_CAPTURE(RunCondition, arithmetic, "amount * 2.0 - 500.0 > 1000.0");
BENCHMARK_CAPTURE(RunCondition, exists, "['DE', 'AT', 'FR'].exists(c, c == country)");

// A condition on an event with a list of ten doubles, `scores`.
class ListWorkload {
 public:
  explicit ListWorkload(const std::string& text) {
    rules::Stream stream;
    stream.name = "payments";
    const rules::StreamCatalog catalog({stream});
    rules::Scope scope;
    scope.streams = &catalog;
    scope.event = 0;
    rules::Diagnostics diagnostics;
    const auto expression =
        rules::Compile(rules::LocatedText(text), scope, rules::Type::Dyn(), diagnostics);
    if (!expression.has_value()) std::abort();
    program_ = *Compile(*expression, {EventLayout({{{"scores"}, {}, false}})});
    builder_.Begin(0, 1);
    const EventBuilder::Ref list = builder_.SetList(builder_.slot(0), 10);
    for (uint32_t i = 0; i < 10; ++i) builder_.SetDouble(EventBuilder::Element(list, i), i * 10.0);
    frame_.event = builder_.Finish(0, 0, 0);
  }

  const Program& program() const { return *program_; }
  const Frame& frame() const { return frame_; }

 private:
  std::shared_ptr<const Program> program_;
  EventBuilder builder_;
  Frame frame_;
};

void RunList(benchmark::State& state, const char* text) {
  ListWorkload workload(text);
  Scratch scratch;
  for (auto _ : state)
    benchmark::DoNotOptimize(Evaluate(workload.program(), workload.frame(), scratch));
  state.SetItemsProcessed(state.iterations());
}

template <typename Condition>
void RunListLambda(benchmark::State& state, Condition condition) {
  ListWorkload workload("scores");
  StoredValue room[10];
  for (auto _ : state) {
    Frame frame = workload.frame();
    benchmark::DoNotOptimize(frame);
    benchmark::DoNotOptimize(condition(frame, room));
    benchmark::DoNotOptimize(room);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(RunList, filter, "scores.filter(s, s > 45.0)");
BENCHMARK_CAPTURE(RunListLambda, filter, [](const Frame& frame, StoredValue* room) {
  const Value list = frame.event->slot(0);
  uint32_t size = 0;
  if (!list.is(ValueKind::kList)) return Value::Error(ErrorCode::kNoSuchOverload);
  for (uint32_t i = 0; i < list.size(); ++i) {
    const Value score = list.elements()[i].Load();
    if (score.is(ValueKind::kDouble) && score.as_double() > 45.0) room[size++].Store(score);
  }
  return Value::List(room, size);
});
BENCHMARK_CAPTURE(RunList, transform_list, "scores.transformList(i, s, s * 2.0)");
BENCHMARK_CAPTURE(RunList, sort_by, "scores.sortBy(s, -s)");
BENCHMARK_CAPTURE(RunList, optional_value, "scores[?20].orValue(100.0) > 50.0");
BENCHMARK_CAPTURE(RunList, event_time, "event_time() - timestamp(0) < duration('1h')");

BENCHMARK_CAPTURE(RunCondition, network, "cidr('10.0.0.0/8').containsIP(source_ip)");
BENCHMARK_CAPTURE(RunLambda, network, [](const Frame& frame) {
  const Value source = frame.event->slot(4);
  if (!source.is(ValueKind::kString)) return false;
  const std::string text(source.as_string());  // short enough to allocate nothing
  in_addr address;
  return inet_pton(AF_INET, text.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) & 0xFF000000U) == 0x0A000000U;
});
BENCHMARK_CAPTURE(RunCondition, three_networks,
                  "cidr('172.16.0.0/12').containsIP(source_ip) || "
                  "cidr('192.168.0.0/16').containsIP(source_ip) || "
                  "cidr('10.0.0.0/8').containsIP(source_ip)");
BENCHMARK_CAPTURE(RunCondition, substring, "note.substring(0, 8) == 'transfer'");
BENCHMARK_CAPTURE(RunCondition, split, "note.split(' ')[2] == 'savings'");

}  // namespace
}  // namespace telltale::engine
