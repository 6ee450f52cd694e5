// hl7flow stats: a profile of a feed: which messages, which fields, how full, how different.

#include <iostream>
#include <mutex>

#include <hl7flow/adapters/cli/profile_report.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>
#include <hl7flow/pipeline/condition.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow stats day.hl7", "types, senders, and how full each field is"},
    {"hl7flow stats day.hl7 --segment PV1 --values", "the codes of PV1; prints message content"},
    {"hl7flow stats day.hl7 --json > profile.json", "for a script"},
};

struct StatsRequest {
  ReadRequest read;
  std::vector<std::string> segments;
  bool values = false, json = false;
};

/// Each call borrows a profile that no other call uses: as many are made as threads meet here.
class ProfileStage final : public Stage {
 public:
  explicit ProfileStage(const ProfileOptions& options, Profile& result)
      : options_(options), result_(result) {}
  ~ProfileStage() override {
    for (auto const& profile : idle_) result_.merge(*profile);
  }
  std::string_view name() const noexcept override { return "profile"; }
  Status process(Batch& batch) override {
    std::unique_ptr<Profile> mine;
    {
      std::lock_guard const lock(mutex_);
      if (!idle_.empty()) {
        mine = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!mine) mine = std::make_unique<Profile>();
    mine->add(batch, options_);
    std::lock_guard const lock(mutex_);
    idle_.push_back(std::move(mine));
    return {};
  }

 private:
  const ProfileOptions& options_;
  Profile& result_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Profile>> idle_;
};

Exit run(const StatsRequest& request) {
  ProfileOptions options;
  options.values = request.values;
  for (std::string const& id : request.segments) {
    auto const path = Path::parse(id + "-1");
    if (!path || id.size() != 3)
      return complain({ErrorCode::bad_path, "--segment takes a segment such as PID, not " + id});
    options.segments.push_back(path->segment);
  }
  Profile profile;
  RunReport report;
  {
    auto pipeline = reading_pipeline(request.read);
    if (!pipeline) return complain(pipeline.error());
    pipeline->through(std::make_unique<ProfileStage>(options, profile));
    if (Exit const exit = run_reading(*pipeline, request.read, report); exit != Exit::ok)
      return exit;
  }
  if (Exit const exit = check_is_hl7(report); exit != Exit::ok) return exit;
  auto const printed = print(request.json ? profile_json(profile, report.account, options)
                                          : profile_text(profile, report.account, options));
  return printed ? Exit::ok : complain(printed.error());
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<StatsRequest>();
  command.add_option("input", request->read.inputs,
                     "Files; without any, or with -, standard input");
  command.add_option("-s,--segment", request->segments, "Only these segments: PID or PID,PV1")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--values", request->values,
                   "Also the most frequent values of fields with few different ones. They are "
                   "message content: may identify patients");
  command.add_flag("--json", request->json, "One JSON object");
  add_reading_options(command, request->read, true);
  return [request] { return run(*request); };
}

}  // namespace

const Verb stats_verb{"stats", "Profile a feed: types, fields, how full and how different",
                      examples, setup};

}  // namespace hl7flow::cli
