// hl7flow inspect: a message laid out and explained.

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include <hl7flow/adapters/cli/explanation.h>
#include <hl7flow/adapters/cli/reading.h>
#include <hl7flow/adapters/cli/verbs/verbs.h>
#include <hl7flow/pipeline/condition.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow inspect message.hl7", "the first message, explained"},
    {"hl7flow inspect day.hl7 --message 12", "the twelfth"},
    {"hl7flow inspect day.hl7 --field PID-3 --field OBX-5 --all", "two fields of all messages"},
    {"hl7flow inspect day.hl7 --rejected --all", "what is wrong with the bad ones"},
    {"pbpaste | hl7flow inspect --json | jq .segments[0]", "for a script"},
};

struct InspectRequest {
  ReadRequest read;
  std::vector<std::string> fields, where;
  std::uint64_t message = 0;
  std::uint64_t limit = 1;
  bool all = false, rejected = false, empties = false, full = false, json = false;
  std::string colour = "auto";
};

struct Selection {
  std::uint64_t message = 0;  // 0: any
  std::uint64_t limit = 1;    // 0: none
  bool rejected = false;
  bool single_input = true;
  std::vector<Condition> where;
};

/// Prints what is selected, in order, and asks the run to stop when it has enough.
class InspectSink final : public Sink {
 public:
  InspectSink(Selection selection, ExplainOptions options, TextStyle style, bool json,
              std::stop_source& enough, std::uint64_t& shown)
      : selection_(std::move(selection)),
        options_(std::move(options)),
        style_(style),
        json_(json),
        enough_(enough),
        shown_(shown) {}
  std::string_view name() const noexcept override { return "inspect"; }

  Status write(const Batch& batch, Executor&) override {
    if (batch.position.input != input_) {
      input_ = batch.position.input;
      lines_ = 0;
    }
    std::string_view const text = batch.text.view().substr(0, batch.raw_size);
    std::size_t counted = 0;  // bytes of the batch that lines_ includes
    for (std::size_t k = 0; k < batch.message_count() && !enough_.stop_requested(); ++k) {
      if (!selected(batch, k)) continue;
      if (selection_.limit != 0 && shown_ == selection_.limit) {
        enough_.request_stop();
        break;
      }
      std::size_t const begin = batch.index.messages[k].raw_begin;
      lines_ += count_lines(text.substr(counted, begin - counted));
      counted = begin;
      auto const explanation = explain(batch, k, lines_ + 1, options_);
      std::string const shown =
          json_ ? explanation_json(explanation)
                : (shown_ > 0 ? "\n\n" : "") + explanation_text(explanation, style_);
      ++shown_;
      if (auto ok = print(shown); !ok) return ok;
      if (selection_.message != 0 && selection_.single_input) enough_.request_stop();
    }
    lines_ += count_lines(text.substr(counted));
    return {};
  }
  Result<std::vector<OutputFile>, Failure> commit(Executor&) override {
    return std::vector<OutputFile>{};
  }

 private:
  bool selected(const Batch& batch, std::size_t ordinal) const {
    if (selection_.message != 0 && batch.messages_before + ordinal + 1 != selection_.message)
      return false;
    bool const rejected = batch.fates[ordinal] == Fate::rejected;
    if (selection_.rejected && !rejected) return false;
    if (selection_.where.empty()) return true;
    return !rejected && holds(selection_.where, batch.message(ordinal));
  }

  Selection const selection_;
  ExplainOptions const options_;
  TextStyle const style_;
  bool const json_;
  std::stop_source& enough_;
  std::uint64_t& shown_;
  std::uint32_t input_ = 0;
  std::uint64_t lines_ = 0;  // of this input, before the batch
};

bool wants_colour(const std::string& when) {
  if (when != "auto") return when == "always";
  const char* const no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

Status read_fields(const InspectRequest& request, ExplainOptions& options) {
  for (std::string const& text : request.fields) {
    if (auto const segment = Path::parse(text + "-1"); text.size() == 3 && segment) {
      options.segments.push_back(segment->segment);
      continue;
    }
    auto const path = read_path(text, {});
    if (!path) return fail(ErrorCode::bad_path, "--field: " + path.error().text);
    options.only.push_back(*path);
  }
  return {};
}

Exit run(InspectRequest& request) {
  Selection selection;
  selection.message = request.message;
  selection.limit = request.all || request.message != 0 ? 0 : request.limit;
  selection.rejected = request.rejected;
  selection.single_input = request.read.inputs.size() <= 1;
  for (std::string const& text : request.where) {
    auto condition = parse_condition(text, {});
    if (!condition) return complain({ErrorCode::bad_path, "--where: " + condition.error().text});
    selection.where.push_back(std::move(*condition));
  }
  ExplainOptions options;
  options.empties = request.empties;
  if (auto ok = read_fields(request, options); !ok) return complain(ok.error());
  TextStyle style;
  style.colour = wants_colour(request.colour);
  style.full = request.full;
  request.read.threads = 1;  // most often the first batch is all that is read
  auto pipeline = reading_pipeline(request.read);
  if (!pipeline) return complain(pipeline.error());
  std::stop_source enough;
  std::uint64_t shown = 0;
  pipeline->through(message_numbers())
      .into(std::make_unique<InspectSink>(selection, options, style, request.json, enough, shown));
  RunReport report;
  if (Exit const exit = run_reading(*pipeline, request.read, report, &enough); exit != Exit::ok)
    return exit;
  if (enough.stop_requested()) {
    if (selection.message == 0)
      std::cerr << "hl7flow: more messages follow (--message N, --limit N or --all shows them)\n";
    return Exit::ok;
  }
  if (Exit const exit = check_is_hl7(report); exit != Exit::ok) return exit;
  if (shown > 0) return Exit::ok;
  std::cerr << "hl7flow: no such message among " << report.account.messages_in << "\n";
  return Exit::no;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<InspectRequest>();
  command.add_option("input", request->read.inputs,
                     "Files; without any, or with -, standard input");
  command.add_option("-m,--message", request->message, "Only this message of each file, from 1")
      ->check(at_least(1));
  command.add_option("-n,--limit", request->limit, "How many messages (default 1)")
      ->check(at_least(1));
  command.add_flag("-a,--all", request->all, "All messages");
  command.add_flag("--rejected", request->rejected, "Only messages that are rejected");
  command
      .add_option("-w,--where", request->where,
                  "Only messages for which this holds: PID-8=F; several: all must")
      ->allow_extra_args(false);
  command
      .add_option("-f,--field", request->fields,
                  "Only this segment (PID) or field (PID-3); may be given several times")
      ->allow_extra_args(false);
  command.add_flag("-e,--empty", request->empties, "Also fields that are empty or not sent");
  command.add_flag("--full", request->full, "Long values whole");
  command.add_flag("--json", request->json, "One JSON object a message");
  command
      .add_option("--color", request->colour,
                  "auto (default; NO_COLOR is honoured), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  add_reading_options(command, request->read, false);
  return [request] { return run(*request); };
}

}  // namespace

const Verb inspect_verb{"inspect", "Show a message, laid out and explained", examples, setup};

}  // namespace hl7flow::cli
