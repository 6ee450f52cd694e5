// hl7flow codes suggest: the worklist. What is not mapped yet, the most frequent first, with what a
// person needs to decide, and suggestions. The reviewed file is a map: codes build --csv.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <unordered_map>

#include <hl7flow/adapters/cli/codes/coded_stream.h>
#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/codes/suggester.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes suggest day/*.hl7 --store codes.store > worklist.csv",
     "what to map next; fill in target_system and target_code"},
    {"hl7flow codes build --starter --csv worklist.csv --out codes.store", "use what was decided"},
    {"hl7flow codes suggest --name 'Glucose, fasting, serum' --unit mg/dL", "for one name"},
};

struct Request {
  ReadRequest read;
  std::string store = "starter", to, out, name, unit;
  std::vector<std::string> fields;
  std::uint64_t limit = 1000;
  bool values = false;
};

/// A few different texts, the first that came.
struct Few {
  static constexpr std::size_t most = 5;
  std::vector<std::string> texts;
  void add(std::string_view text) {
    if (text.empty() || texts.size() == most ||
        std::find(texts.begin(), texts.end(), text) != texts.end())
      return;
    texts.emplace_back(text);
  }
  std::string joined() const {
    std::string all;
    for (std::string const& text : texts) all += (all.empty() ? "" : " | ") + text;
    return all;
  }
};

/// An unmapped code of a field.
struct Row {
  std::string path, system, code, name, reason;
  std::uint64_t count = 0;
  Few units, ranges, values, orders, senders;
};

/// Unmapped codes of a stream, in bounded memory.
class Worklist {
 public:
  explicit Worklist(const Request& request) : request_(request) {}

  void add(const SeenCode& seen) {
    ++values_;
    if (seen.found.answer.found()) return;
    std::string const path = seen.path();
    if (!request_.fields.empty() &&
        std::find(request_.fields.begin(), request_.fields.end(), path) == request_.fields.end())
      return;
    ++unmapped_;
    // Where there is no code, the words are what must be mapped.
    std::string_view const code = seen.code().empty() ? seen.name() : seen.code();
    std::string key = path + '\t' + std::string(seen.system()) + '\t' + std::string(code);
    auto known = rows_.find(key);
    if (known == rows_.end()) {
      if (rows_.size() == rows_max) {
        ++left_out_;
        return;
      }
      known = rows_.emplace(std::move(key), Row{}).first;
      known->second.path = path;
      known->second.system = seen.system();
      known->second.code = code;
      known->second.reason = codes::name(seen.found.answer.miss);
    }
    Row& row = known->second;
    ++row.count;
    if (row.name.empty()) row.name = seen.name();
    row.senders.add(fmt::format("{}|{}", seen.message.segment(0).field(3).component(1).raw(),
                                seen.message.segment(0).field(4).component(1).raw()));
    if (seen.segment.id() != "OBX") return;
    row.units.add(seen.segment.field(6).component(1).raw());
    row.ranges.add(seen.segment.field(7).raw());
    if (request_.values) row.values.add(seen.segment.field(5).raw().substr(0, 40));
    row.orders.add(order_of(seen));
  }

  std::vector<const Row*> ranked() const {
    std::vector<const Row*> all;
    for (auto const& [key, row] : rows_) all.push_back(&row);
    std::sort(all.begin(), all.end(), [](const Row* a, const Row* b) {
      if (a->count != b->count) return a->count > b->count;
      return std::tie(a->path, a->system, a->code) < std::tie(b->path, b->system, b->code);
    });
    if (all.size() > request_.limit) all.resize(request_.limit);
    return all;
  }

  std::string account() const {
    std::string text = fmt::format("{} of {} coded values have no standard code: {} different\n",
                                   grouped(unmapped_), grouped(values_), grouped(rows_.size()));
    if (left_out_ > 0)
      text += fmt::format("{} values of further codes were not looked at\n", grouped(left_out_));
    return text;
  }

 private:
  static constexpr std::size_t rows_max = 100'000;

  /// Name of the order (OBR-4) that the observation belongs to.
  static std::string_view order_of(const SeenCode& seen) {
    std::string_view name;
    for (std::size_t k = 0; k < seen.message.segment_count(); ++k) {
      SegmentView const segment = seen.message.segment(k);
      if (segment.ordinal() >= seen.segment.ordinal()) break;
      if (segment.id() != "OBR") continue;
      FieldView const service = segment.field(4);
      name =
          service.component(2).has_text() ? service.component(2).raw() : service.component(1).raw();
    }
    return name;
  }

  const Request& request_;
  std::unordered_map<std::string, Row> rows_;
  std::uint64_t values_ = 0, unmapped_ = 0, left_out_ = 0;
};

std::string csv(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// The system that codes of a field are suggested from.
std::string_view wanted_system(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> systems[] = {
      {"DG1-3", "ICD-10-CM"},  {"FT1-19", "ICD-10-CM"}, {"RXE-2", "RXNORM"}, {"RXO-1", "RXNORM"},
      {"RXD-2", "RXNORM"},     {"RXA-5", "CVX"},        {"AL1-3", "RXNORM"}, {"IAM-3", "RXNORM"},
      {"PR1-3", "ICD-10-PCS"}, {"FT1-7", "HCPCS"},      {"FT1-25", "HCPCS"}};
  for (auto const& [field, system] : systems)
    if (field == path) return system;
  return "LOINC";
}

/// One suggester a system, made when it is first asked.
class Suggesters {
 public:
  explicit Suggesters(const codes::CodeStore& store) : store_(store) {}
  const codes::Suggester& of(codes::SystemId system) {
    auto& made = made_[system];
    if (!made) made = std::make_unique<codes::Suggester>(store_, system);
    return *made;
  }

 private:
  const codes::CodeStore& store_;
  std::map<codes::SystemId, std::unique_ptr<codes::Suggester>> made_;
};

constexpr std::size_t suggestions_shown = 5;

std::string worklist_csv(const Worklist& worklist, const codes::CodeStore& store,
                         const std::string& to) {
  std::string text =
      "rank,count,field,reason,source_system,source_code,source_display,units,reference_ranges,"
      "example_values,orders,senders,target_system,target_code,equivalence,comment";
  for (std::size_t k = 1; k <= suggestions_shown; ++k)
    text += fmt::format(",suggestion_{0}_code,suggestion_{0}_display,suggestion_{0}_score", k);
  text += '\n';
  Suggesters suggesters(store);
  std::size_t rank = 0;
  for (const Row* row : worklist.ranked()) {
    codes::SystemId const system =
        store.find_system(to.empty() ? wanted_system(row->path) : std::string_view(to));
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},,,", ++rank, row->count, row->path,
                        row->reason, csv(row->system), csv(row->code), csv(row->name),
                        csv(row->units.joined()), csv(row->ranges.joined()),
                        csv(row->values.joined()), csv(row->orders.joined()),
                        csv(row->senders.joined()), csv(store.system_name(system)));
    std::vector<codes::Suggestion> found;
    if (system != codes::no_system)
      found = suggesters.of(system).suggest(
          {row->code, row->name, row->units.texts.empty() ? "" : row->units.texts[0],
           row->orders.texts.empty() ? "" : row->orders.texts[0]},
          suggestions_shown);
    for (std::size_t k = 0; k < suggestions_shown; ++k)
      text += k < found.size() ? fmt::format(",{},{},{:.2f}", csv(store.code(found[k].subject)),
                                             csv(store.display(found[k].subject)), found[k].score)
                               : ",,,";
    text += '\n';
  }
  return text;
}

Exit suggest_one(const Request& request, const codes::CodeStore& store) {
  auto const system = system_named(store, request.to.empty() ? "LOINC" : request.to);
  if (!system) return complain(system.error());
  auto const found = codes::Suggester(store, *system)
                         .suggest({{}, request.name, request.unit, {}},
                                  std::min<std::uint64_t>(request.limit, suggestions_shown));
  for (codes::Suggestion const& one : found)
    std::cout << fmt::format("{:.2f}\t{}\t{}\t{}\n", one.score, store.code(one.subject),
                             store.display(one.subject), one.why);
  return found.empty() ? Exit::no : Exit::ok;
}

Exit run(const Request& request) {
  auto const loaded = LoadedCodes::named(request.store);
  if (!loaded) return complain(loaded.error());
  codes::CodeStore const& store = (*loaded)->store();
  if (!request.to.empty())
    if (auto const system = system_named(store, request.to); !system)
      return complain(system.error());
  if (!request.name.empty()) return suggest_one(request, store);
  Worklist worklist(request);
  Exit const exit =
      visit_codes(request.read, request.store, [&](const SeenCode& seen) { worklist.add(seen); });
  if (exit != Exit::ok) return exit;
  std::string const text = worklist_csv(worklist, store, request.to);
  if (request.out.empty()) {
    if (auto const printed = print(text); !printed) return complain(printed.error());
  } else {
    std::ofstream file(request.out, std::ios::binary);
    if (!(file << text).flush())
      return complain({ErrorCode::cannot_create, "cannot write " + request.out});
  }
  std::cerr << worklist.account();
  return Exit::ok;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("input", request->read.inputs,
                     "HL7 files; without any, or with -, standard input");
  add_store_option(command, request->store);
  command.add_option("--to", request->to,
                     "System to suggest from; default: what the field wants (LOINC, ICD-10-CM, …)");
  command
      .add_option("--field", request->fields, "Only codes of these fields: OBX-3 or OBX-3,OBR-4")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--limit", request->limit, "Codes to list, the most frequent (default 1000)");
  command.add_option("-o,--out", request->out, "File to write; default: standard output");
  command.add_option("--name", request->name, "Suggest for this name, without any messages");
  command.add_option("--unit", request->unit, "With --name: its unit");
  command.add_flag("--values", request->values,
                   "Also a few example values. They are message content: may identify patients");
  add_reading_options(command, request->read, true);
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_suggest_verb{"suggest", "List what is unmapped, with suggestions to review",
                              examples, setup};

}  // namespace hl7flow::cli
