// The control API over a real connection: the server, with a reload coordinator whose rules are
// texts, and both our own client and gRPC's health and reflection stubs.
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/client_unary_call.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "daemon/control/client.h"
#include "daemon/control/render.h"
#include "daemon/control/render_status.h"
#include "daemon/control/server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/telltale/v1/control.grpc.pb.h"
#include "rules/load/load.h"
#include "tests/daemon/sample_snapshot.h"
#include "tests/support/ports.h"

namespace telltale::control {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const rules::StreamCatalog> Streams() {
  return std::make_shared<rules::StreamCatalog>(
      std::vector<rules::Stream>{{.name = "logins", .topic = "auth.logins", .fields = {}},
                                 {.name = "devices", .topic = "auth.devices", .fields = {}}});
}

std::string RuleText(const std::string& id, const std::string& where) {
  return absl::StrCat("id: ", id, "\ntitle: ", id, " and so on\nlevel: high\nby: user\nsequence:\n",
                      "  - login: { on: logins, where: '", where, "' }\nwithin: 5m\n");
}

rules::LoadResult LoadTexts(const std::vector<std::string>& texts) {
  std::vector<rules::SourcePtr> files;
  for (const std::string& text : texts) {
    files.push_back(std::make_shared<rules::SourceFile>("rules.yml", text));
  }
  return rules::Load(files, Streams());
}

// A daemon without Kafka and engine: rules come from texts_, a switch always succeeds unless it is
// told not to.
class ControlTest : public testing::Test {
 protected:
  void SetUp() override {
    texts_ = {RuleText("ato", "x == 1"), RuleText("velocity", "x == 2")};
    rules::LoadResult loaded = LoadTexts(texts_);
    ASSERT_NE(loaded.rules, nullptr) << rules::Render(loaded.diagnostics);
    coordinator_ = std::make_unique<app::ReloadCoordinator>(
        loaded.rules,
        app::ReloadCoordinator::Hooks{
            .load = [this] { return LoadTexts(texts_); },
            .check =
                [](const std::vector<rules::SourcePtr>& f) { return rules::Load(f, Streams()); },
            .compile =
                [](std::shared_ptr<const rules::RuleSet> rules) {
                  auto compiled = std::make_shared<engine::CompiledRules>();
                  compiled->rules = std::move(rules);
                  return absl::StatusOr<std::shared_ptr<const engine::CompiledRules>>(compiled);
                },
            .apply = [this](std::shared_ptr<const engine::CompiledRules>) { return apply_; },
            .stats = [] { return tests::SampleSnapshot().engine; }});
    UseRules(absl::StrCat(texts_[0], "---\n", texts_[1]));
    keys_ = std::make_unique<app::KeyBoard>([this](std::function<void(engine::Engine&)> action) {
      std::lock_guard lock(mutex_);
      if (engine_ == nullptr) return absl::UnavailableError("the daemon stops");
      action(*engine_);
      return absl::OkStatus();
    });
    auto server = Server::Start("127.0.0.1:0", {.reload = coordinator_.get(),
                                                .keys = keys_.get(),
                                                .snapshot = tests::SampleSnapshot,
                                                .health = [this] { return GetHealth(); }});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    address_ = absl::StrCat("127.0.0.1:", server_->port());
  }

  telemetry::Health GetHealth() {
    std::lock_guard lock(mutex_);
    return {.live = true, .ready = ready_, .reasons = {}};
  }
  void SetReady(bool ready) {
    std::lock_guard lock(mutex_);
    ready_ = ready;
  }

  void UseRules(const std::string& text) {
    const auto compiled = engine::CompileRules(LoadTexts({text}).rules);
    ASSERT_TRUE(compiled.ok()) << compiled.status();
    std::lock_guard lock(mutex_);
    engine_ = engine::MakeEngine(*compiled, {.threads = false}, alerts_);
    engine_->AddPartition({.stream = 0, .partition = 0}, {});
  }

  // A login of the user, and the watermark behind it.
  void Login(const std::string& user, int64_t x, int64_t second) {
    engine::EventBuilder builder;
    const engine::EventLayout& layout = engine_->RulesAt(0).layouts[0];
    builder.Begin(0, layout.slot_count());
    if (const auto slot = layout.Find({"user"})) builder.SetString(builder.slot(*slot), user);
    if (const auto slot = layout.Find({"x"})) builder.SetInt(builder.slot(*slot), x);
    engine_->Offer(*builder.Finish(second * 1'000'000'000, 0, second));
    engine_->Flush();
  }

  Client Text() { return Client(address_, Format::kText, absl::Seconds(10)); }
  Client Json() { return Client(address_, Format::kJson, absl::Seconds(10)); }

  std::unique_ptr<v1::Control::Stub> Stub() {
    return v1::Control::NewStub(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
  }

  std::mutex mutex_;
  bool ready_ = true;
  std::vector<std::string> texts_;
  absl::StatusOr<app::ReloadCoordinator::Switched> apply_ =
      app::ReloadCoordinator::Switched{.time = 1772359230'000'000'000, .generation = 5};
  std::unique_ptr<app::ReloadCoordinator> coordinator_;
  class NoAlerts final : public engine::AlertSink {
    void Deliver(uint32_t, uint64_t, std::vector<engine::Alert>) override {}
  };
  NoAlerts alerts_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<app::KeyBoard> keys_;
  std::unique_ptr<Server> server_;
  std::string address_;
};

TEST_F(ControlTest, ReloadTellsWhatChanged) {
  texts_ = {RuleText("ato", "x == 3"), RuleText("fresh", "x == 2")};
  Answer answer = Text().Reload(false);
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.out,
            "reloaded: generation 5, for events after 2026-03-01T10:00:30.000Z\n"
            "  added      fresh\n"
            "  changed    ato\n"
            "  removed    velocity\n"
            "  given up   123 partial matches\n");
  EXPECT_EQ(coordinator_->current()->rules[1].id, "fresh");
}

TEST_F(ControlTest, ReloadOfTheSameKeepsAll) {
  Answer answer = Text().Reload(false);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_THAT(answer.out, HasSubstr("unchanged  2 rules"));
}

TEST_F(ControlTest, DryRunChangesNothing) {
  texts_ = {RuleText("ato", "x == 1")};
  Answer answer = Text().Reload(true);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out,
            "would be accepted\n"
            "  removed    velocity\n"
            "  unchanged  1 rule\n");
  EXPECT_EQ(coordinator_->current()->rules.size(), 2u);
}

TEST_F(ControlTest, ABadSetIsRefusedWholeWithItsDiagnostics) {
  texts_ = {RuleText("ato", "x =="), RuleText("velocity", "x == 2")};
  Answer answer = Text().Reload(false);
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_THAT(answer.out, HasSubstr("refused: generation 4 stays in force"));
  EXPECT_THAT(answer.err, HasSubstr("rules.yml:6:"));
  EXPECT_THAT(answer.err, HasSubstr("error[R03"));
  EXPECT_THAT(answer.err, HasSubstr("^"));
  EXPECT_EQ(coordinator_->figures().refused, 1u);
}

TEST_F(ControlTest, BytesThatAreNoUtf8ComeBackAsADiagnostic) {
  texts_ = {"id: a\ntitle: \"\xff\xfe\"\n"};
  Answer answer = Text().Reload(false);
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_THAT(answer.err, HasSubstr("R0003"));
}

TEST_F(ControlTest, AFailureOfTheDaemonIsAnErrorOfTheCall) {
  apply_ = absl::DeadlineExceededError("the engine did not take the rules within 30 s");
  Answer answer = Text().Reload(false);
  EXPECT_EQ(answer.exit_code, 3);
  EXPECT_THAT(answer.err, HasSubstr("did not take the rules"));
  v1::ReloadResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(Stub()->Reload(&context, v1::ReloadRequest(), &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(ControlTest, ReloadAsJson) {
  Answer answer = Json().Reload(true);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_THAT(answer.out, HasSubstr("\"accepted\":true"));
  EXPECT_THAT(answer.out, HasSubstr("\"dry_run\":true"));
  EXPECT_THAT(answer.out, HasSubstr("\"unchanged\":[\"ato\",\"velocity\"]"));
  EXPECT_THAT(answer.err, IsEmpty());
}

TEST_F(ControlTest, ValidateOfADraft) {
  auto draft = std::make_shared<rules::SourceFile>("draft.yml", RuleText("draft", "x == 1"));
  Answer answer = Text().Validate({draft});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.out,
            "valid\n"
            "  added      draft\n"
            "  removed    ato, velocity\n"
            "  given up   123 partial matches\n");
  auto wrong = std::make_shared<rules::SourceFile>("draft.yml", RuleText("draft", "x == )"));
  answer = Text().Validate({draft, wrong});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_EQ(answer.out, "not valid\n");
  EXPECT_THAT(answer.err, HasSubstr("draft.yml:6:"));
  EXPECT_EQ(coordinator_->current()->rules.size(), 2u);
}

TEST_F(ControlTest, ValidateOfTheDaemonsOwnFiles) {
  texts_ = {RuleText("ato", "x ==")};
  EXPECT_EQ(Text().Validate({}).exit_code, 2);
  EXPECT_EQ(coordinator_->figures().refused, 0u);  // it was no reload
}

TEST_F(ControlTest, DiagnosticsHaveTheirPlaces) {
  texts_ = {RuleText("ato", "unknown_function(x)")};
  v1::ReloadResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(Stub()->Reload(&context, v1::ReloadRequest(), &response).ok());
  ASSERT_EQ(response.diagnostics_size(), 1);
  const v1::Diagnostic& diagnostic = response.diagnostics(0);
  EXPECT_EQ(diagnostic.severity(), v1::SEVERITY_ERROR);
  EXPECT_EQ(diagnostic.code(), "R0402");
  EXPECT_EQ(diagnostic.file(), "rules.yml");
  EXPECT_EQ(diagnostic.line(), 6u);
  EXPECT_EQ(diagnostic.column(), 34u);
  EXPECT_EQ(diagnostic.end_line(), 6u);
  EXPECT_GT(diagnostic.end_column(), diagnostic.column());
}

TEST_F(ControlTest, ListOfRules) {
  Answer answer = Text().ListRules();
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out,
            "RULE      LEVEL  MODE  MATCHES  ALERTS  SUPPRESSED  EXCEPTED  PARTIAL  TITLE\n"
            "ato       high   live        9       7           2         3      123  ato and so on\n"
            "velocity  high   live        0       0           0         0        0  velocity and "
            "so on\n");
  v1::ListRulesResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(Stub()->ListRules(&context, v1::ListRulesRequest(), &response).ok());
  ASSERT_EQ(response.rules_size(), 2);
  EXPECT_EQ(response.rules(0).fingerprint().size(), 32u);
  EXPECT_EQ(response.rules(0).level(), v1::LEVEL_HIGH);
  EXPECT_EQ(response.rules(0).figures().excepted(), 3u);
  ASSERT_EQ(response.rules(0).figures().exceptions_size(), 1);
  EXPECT_EQ(response.rules(0).figures().exceptions(0).name(), "tests");
  EXPECT_EQ(response.rules(0).key(0), "user");
  EXPECT_EQ(response.rules(0).streams(0), "logins");
  EXPECT_EQ(response.rules(0).figures().condition_errors(), 5u);
  EXPECT_EQ(response.rules(0).figures().missing_keys(), 6u);
  EXPECT_EQ(response.rules(0).figures().duplicates(), 4u);
  EXPECT_EQ(response.generation(), 4u);
}

TEST_F(ControlTest, StatusForPeople) {
  Answer answer = Text().GetStatus();
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_THAT(answer.out, HasSubstr("fraud: ready, 2 rules of generation 4, up 3m50s, telltale "));
  EXPECT_THAT(answer.out,
              HasSubstr("logins     1000     3  5s                5  2026-03-01T10:00:25.000Z\n"));
  EXPECT_THAT(
      answer.out,
      HasSubstr("auth.devices          0  reading                      -    -  -            "
                "             -       the others wait for it\n"));
  EXPECT_THAT(answer.out, HasSubstr("auth.logins           0  paused: ahead, drift        60   40  "
                                    "2026-03-01T10:00:25.000Z  0\n"));
  EXPECT_THAT(answer.out, HasSubstr("auth.logins           1  idle                        70    0  "
                                    "2026-03-01T09:10:30.000Z  49m55s\n"));
  EXPECT_THAT(answer.out,
              HasSubstr("0.0 MB of 268.4 MB buffered in 77 events, 123 partial matches"));
  EXPECT_THAT(answer.out, HasSubstr("alerts: 6 acknowledged, 1 outstanding; from consume "
                                    "to acknowledge half within 50 ms"));
  EXPECT_THAT(answer.out, HasSubstr("reloads: 3 applied, 1 unchanged, 2 refused\n"));
}

TEST_F(ControlTest, StatusTellsWhichRulesWaitForWhom) {
  v1::GetStatusResponse status;
  v1::RuleWait* wait = status.add_waits();
  for (const char* rule : {"a", "b", "c", "d", "e"}) wait->add_rules(rule);
  wait->set_topic("payments");
  wait->set_partition(3);
  wait->set_behind_seconds(720.5);
  wait = status.add_waits();
  wait->add_rules("f");
  wait->set_topic("logins");
  EXPECT_THAT(RenderText(status),
              HasSubstr("a, b, c and 2 more wait for payments/3, 12m0.5s behind\n"
                        "f waits for logins/0, which has no watermark yet\n"));
}

TEST_F(ControlTest, LatenessForPeople) {
  EXPECT_EQ(Text().GetStatus(true).out,
            "Events of a million that would be late with a max_out_of_orderness of:\n"
            "\n"
            "STREAM   EVENTS  BOUND NOW       0    5s    1m\n"
            "logins     1000  5s         100000  3000  1000\n"
            "devices       0  0               -     -     -\n");
  EXPECT_EQ(LatenessText({}), "no event has been read yet\n");
}

TEST_F(ControlTest, StatusForMachines) {
  v1::GetStatusResponse status;
  grpc::ClientContext context;
  ASSERT_TRUE(Stub()->GetStatus(&context, v1::GetStatusRequest(), &status).ok());
  EXPECT_EQ(status.group(), "fraud");
  EXPECT_TRUE(status.ready());
  EXPECT_EQ(status.generation(), 4u);
  ASSERT_EQ(status.partitions_size(), 3);
  const v1::PartitionStatus& paused = status.partitions(0);
  EXPECT_EQ(paused.state(), v1::PARTITION_STATE_PAUSED);
  EXPECT_EQ(paused.lag(), 40);
  EXPECT_EQ(paused.watermark().seconds(), 1772359225);
  EXPECT_EQ(paused.watermark_lag_seconds(), 5.0);
  EXPECT_EQ(paused.held_for(0), "ahead");
  EXPECT_EQ(paused.behind_newest_seconds(), 0);
  EXPECT_EQ(status.partitions(1).behind_newest_seconds(), 2995);
  EXPECT_EQ(status.streams(0).max_out_of_orderness_seconds(), 5);
  ASSERT_EQ(status.streams(0).lateness_size(), 4);
  EXPECT_EQ(status.streams(0).lateness(1).bound_seconds(), 5);
  EXPECT_EQ(status.streams(0).lateness(1).events(), 97u);
  EXPECT_EQ(status.streams(0).lateness(1).late_per_million(), 3000);
  EXPECT_FALSE(status.streams(0).lateness(3).has_bound_seconds());
  EXPECT_EQ(status.streams(1).lateness_size(), 0);
  EXPECT_EQ(status.partitions(1).state(), v1::PARTITION_STATE_IDLE);
  const v1::PartitionStatus& fresh = status.partitions(2);
  EXPECT_FALSE(fresh.has_position());
  EXPECT_FALSE(fresh.has_lag());
  EXPECT_FALSE(fresh.has_watermark());
  EXPECT_TRUE(fresh.holds_back());
  EXPECT_FALSE(paused.holds_back());
  EXPECT_EQ(status.memory().buffered_bytes_limit(), 256 << 20);
  EXPECT_GT(status.memory().resident_bytes(), 0);
  EXPECT_EQ(status.memory().partial_matches(), 123);
  EXPECT_EQ(status.alerts().p50_seconds(), 0.05);
  EXPECT_FALSE(status.alerts().has_p99_seconds());  // beyond the last bucket
  EXPECT_EQ(status.streams(0).dead_letters().at("not_json"), 4u);
  EXPECT_EQ(status.reloads().last_time().seconds(), 1772359200);
  EXPECT_THAT(Json().GetStatus().out, HasSubstr("\"state\":\"PARTITION_STATE_PAUSED\""));
}

TEST_F(ControlTest, AKeyUnderWatchIsExplained) {
  EXPECT_EQ(Text().ListWatchedKeys().out, "no key is under watch\n");
  UseRules(
      "id: ato\nby: user\nsequence:\n  - login: { on: logins, where: 'x == 1' }\n"
      "  - again: { on: logins, where: 'x == login.x + 1', within: 5m }\n");
  Answer answer = Text().WatchKey("ato", {"ann"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.out, "");
  Login("ann", 2, 10);
  Login("bob", 1, 11);
  Login("ann", 1, 12);
  answer = Text().ExplainKey("ato", {"ann"}, false);
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.out,
            "rule ato, key ann\n"
            "1 event of the key, up to the watermark 1970-01-01T00:00:12.000Z; 1 more event beyond "
            "it\n"
            "no event began it\n"
            "waits for step 'login'  rules.yml:4:5\n"
            "  logins-0@10 (1970-01-01T00:00:10.000Z) does not fit\n"
            "    x == 1 is false  rules.yml:4:34\n"
            "      x is 2\n");
  Login("bob", 1, 13);
  EXPECT_THAT(Text().ExplainKey("ato", {"ann"}, false).out,
              HasSubstr("\n'login' took logins-0@12 (1970-01-01T00:00:12.000Z)\n"
                        "waits for step 'again' until 1970-01-01T00:05:12.000Z  rules.yml:5:5\n"));
  EXPECT_THAT(
      Json().ExplainKey("ato", {"ann"}, false).out,
      HasSubstr("\"awaited\":[{\"step\":\"again\",\"waits\":true,\"until\":\"1970-01-01T00:05:"
                "12Z\"}]"));
  Login("ann", 2, 14);
  Login("bob", 1, 15);
  answer = Json().ExplainKey("ato", {"ann"}, false);
  EXPECT_THAT(answer.out,
              HasSubstr("\"matches\":\"1\",\"last_match\":[{\"step\":\"login\",\"stream\":"
                        "\"logins\",\"partition\":0,\"offset\":\"12\""));
  EXPECT_THAT(Text().ListWatchedKeys().out, HasSubstr("\nato   ann       3 "));
  EXPECT_EQ(Text().UnwatchKey("ato", {"ann"}).exit_code, 0);
  EXPECT_EQ(Text().ListWatchedKeys().out, "no key is under watch\n");
}

TEST_F(ControlTest, AKeyIsPutUnderWatchWhereItIsExplained) {
  const Answer answer = Json().ExplainKey("velocity", {"ann"}, true);
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_THAT(answer.out, HasSubstr("\"outcome\":\"KEY_OUTCOME_NOTHING_BEGAN\""));
  EXPECT_EQ(Text().ExplainKey("velocity", {"ann"}, false).exit_code, 0);
}

TEST_F(ControlTest, KeysThatCannotBeWatchedOrExplained) {
  EXPECT_THAT(Text().ExplainKey("ato", {"ann"}, false).err,
              HasSubstr("key ann of rule 'ato' is not under watch"));
  EXPECT_THAT(Text().WatchKey("none", {"ann"}).err, HasSubstr("there is no rule 'none'"));
  EXPECT_THAT(Text().UnwatchKey("none", {"ann"}).err, HasSubstr("there is no rule 'none'"));
  EXPECT_THAT(Text().UnwatchKey("ato", {"ann"}).err, HasSubstr("is not under watch"));
  EXPECT_THAT(Text().WatchKey("ato", {"ann", "bob"}).err, HasSubstr("has 1 part, and here are 2"));
  EXPECT_EQ(Text().WatchKey("ato", {}).exit_code, 3);
  for (size_t i = 0; i < app::KeyBoard::kMostKeys; ++i)
    ASSERT_EQ(keys_->Watch("ato", {absl::StrCat(i)}), absl::OkStatus());
  EXPECT_THAT(Text().WatchKey("ato", {"one more"}).err, HasSubstr("100 keys are under watch"));
  EXPECT_EQ(Text().WatchKey("ato", {"17"}).exit_code, 0);  // it is there already
  {
    std::lock_guard lock(mutex_);
    engine_ = nullptr;
  }
  EXPECT_THAT(Text().ListWatchedKeys().err, HasSubstr("the daemon stops"));
  EXPECT_THAT(Text().ExplainKey("ato", {"17"}, false).err, HasSubstr("the daemon stops"));
}

TEST_F(ControlTest, AnEmptyRequestOfAnotherVersionIsTolerated) {
  // Unknown fields, as a newer client may send them, do no harm.
  v1::GetStatusRequest request;
  request.GetReflection()->MutableUnknownFields(&request)->AddVarint(999, 1);
  v1::GetStatusResponse status;
  grpc::ClientContext context;
  EXPECT_TRUE(Stub()->GetStatus(&context, request, &status).ok());
}

// The standard health service, by its wire format: its message holds the service's name as field 1,
// the answer the status as field 1 (1 is SERVING, 2 NOT_SERVING).
class HealthProbe {
 public:
  explicit HealthProbe(const std::string& address)
      : channel_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {}

  std::string Check(const std::string& service) {
    std::string request;
    if (!service.empty()) {
      request = absl::StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service);
    }
    return Call("/grpc.health.v1.Health/Check", request);
  }

  std::string Call(const std::string& method, const std::string& request) {
    grpc::Slice slice(request);
    grpc::ByteBuffer in(&slice, 1);
    grpc::ByteBuffer out;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    grpc::internal::RpcMethod rpc(method.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
    grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer,
                                                            grpc::ByteBuffer, grpc::ByteBuffer>(
        channel_.get(), rpc, &context, in, &out);
    if (!status.ok()) return absl::StrCat("error ", status.error_code());
    std::vector<grpc::Slice> slices;
    (void)out.Dump(&slices);
    std::string answer;
    for (const grpc::Slice& part : slices) {
      answer.append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
    return answer;
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
};

constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

TEST_F(ControlTest, HealthFollowsReadiness) {
  HealthProbe probe(address_);
  EXPECT_EQ(probe.Check(""), kServing);
  EXPECT_EQ(probe.Check("telltale.v1.Control"), kServing);
  EXPECT_EQ(probe.Check("telltale.v2.Control"),
            absl::StrCat("error ", static_cast<int>(grpc::StatusCode::NOT_FOUND)));
  for (bool ready : {false, true, false}) {
    SetReady(ready);
    std::string wanted = ready ? kServing : kNotServing;
    std::string seen;
    for (int i = 0; i < 100 && seen != wanted; ++i) {
      absl::SleepFor(absl::Milliseconds(20));
      seen = probe.Check("");
    }
    EXPECT_EQ(seen, wanted);
    EXPECT_EQ(probe.Check("telltale.v1.Control"), wanted);
  }
}

TEST_F(ControlTest, ReflectionListsTheServices) {
  // ServerReflectionRequest{list_services: "*"}, and the names as they stand in the answer.
  grpc::GenericStub stub(grpc::CreateChannel(address_, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  grpc::CompletionQueue queue;
  auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  void* tag = nullptr;
  bool ok = false;
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::Slice slice(std::string("\x3a\x01*"));
  call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  std::vector<grpc::Slice> slices;
  ASSERT_TRUE(answer.Dump(&slices).ok());
  std::string text;
  for (const grpc::Slice& part : slices) {
    text.append(reinterpret_cast<const char*>(part.begin()), part.size());
  }
  EXPECT_THAT(text, HasSubstr("telltale.v1.Control"));
  EXPECT_THAT(text, HasSubstr("grpc.reflection.v1alpha.ServerReflection"));
  context.TryCancel();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_F(ControlTest, APortThatIsTakenIsSaidSo) {
  auto second = Server::Start(address_, {.reload = coordinator_.get(),
                                         .snapshot = tests::SampleSnapshot,
                                         .health = [] { return telemetry::Health(); }});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().message(),
            absl::StrCat("cannot listen on ", address_, ": Address already in use"));
}

TEST_F(ControlTest, NobodyThereIsExitCode3) {
  Client client(absl::StrCat("127.0.0.1:", support::FreePort()), Format::kText, absl::Seconds(5));
  Answer answer = client.GetStatus();
  EXPECT_EQ(answer.exit_code, 3);
  EXPECT_THAT(answer.out, IsEmpty());
  EXPECT_THAT(answer.err, HasSubstr("telltale: 127.0.0.1:"));
}

TEST_F(ControlTest, TheServerEndsWhileAClientIsConnected) {
  Client client = Text();
  EXPECT_EQ(client.GetStatus().exit_code, 0);
  absl::Time begun = absl::Now();
  server_.reset();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  EXPECT_EQ(client.GetStatus().exit_code, 3);
}

}  // namespace
}  // namespace telltale::control
