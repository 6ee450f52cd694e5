// hl7flow codes diff: what a new store changes, of all codes or of those that your data has.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <unordered_map>

#include <hl7flow/adapters/cli/codes/coded_stream.h>
#include <hl7flow/adapters/cli/codes/codes_verbs.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/codes/code_resolver.h>

namespace hl7flow::cli {
namespace {

constexpr Example examples[] = {
    {"hl7flow codes diff codes-2026.store codes-2027.store", "by system: new, gone, changed"},
    {"hl7flow codes diff codes-2026.store codes-2027.store day/*.hl7",
     "values of your messages that map otherwise, the most frequent first"},
};

struct Request {
  std::string before, after;
  ReadRequest read;
  std::uint64_t limit = 50;
};

/// How a concept stands in a store, for people.
struct Change {
  std::string what, code, detail;
};

class StoreDiff {
 public:
  StoreDiff(const codes::CodeStore& before, const codes::CodeStore& after)
      : before_(before), after_(after) {
    for (std::uint32_t k = 0; k < after.concepts().size(); ++k) compare_new(k);
    for (std::uint32_t k = 0; k < before.concepts().size(); ++k) compare_old(k);
  }

  std::string text(std::uint64_t limit) const {
    std::string out;
    for (auto const& [system, changes] : changes_) {
      std::map<std::string, std::uint64_t> counts;
      for (Change const& change : changes) ++counts[change.what];
      out += system + ":";
      for (auto const& [what, count] : counts) out += fmt::format(" {} {}", grouped(count), what);
      out += "\n";
      std::uint64_t shown = 0;
      for (Change const& change : changes) {
        if (shown++ == limit) {
          out += fmt::format("  … and {} more (--limit)\n", changes.size() - limit);
          break;
        }
        out += fmt::format("  {}\t{}\t{}\n", change.what, change.code, change.detail);
      }
    }
    return out.empty() ? "no code differs\n" : out;
  }
  bool is_empty() const { return changes_.empty(); }

 private:
  std::uint32_t other(const codes::CodeStore& from, const codes::CodeStore& to,
                      std::uint32_t subject) const {
    std::string_view const system = from.system_name(from.concepts()[subject].system);
    codes::SystemId const known = to.find_system(system);
    return known == codes::no_system ? codes::no_concept : to.find(known, from.code(subject));
  }

  static std::string targets_text(const codes::CodeStore& store, std::uint32_t subject) {
    std::string text;
    for (codes::TargetRecord const& target : store.targets_of(subject))
      if (target.target < store.concepts().size())
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                            store.system_name(store.concepts()[target.target].system),
                            store.code(target.target));
    return text.empty() ? "nothing" : text;
  }

  void note(const codes::CodeStore& store, std::uint32_t subject, std::string what,
            std::string detail) {
    changes_[std::string(store.system_name(store.concepts()[subject].system))].push_back(
        {std::move(what), std::string(store.code(subject)), std::move(detail)});
  }

  void compare_new(std::uint32_t subject) {
    std::uint32_t const old = other(after_, before_, subject);
    if (old == codes::no_concept)
      return note(after_, subject, "new", std::string(after_.display(subject)));
    codes::ConceptRecord const& was = before_.concepts()[old];
    codes::ConceptRecord const& is = after_.concepts()[subject];
    if (was.status != is.status)
      note(after_, subject, "status",
           fmt::format("{} to {}", codes::name(was.status), codes::name(is.status)));
    if (before_.display(old) != after_.display(subject))
      note(after_, subject, "renamed",
           fmt::format("{} to {}", before_.display(old), after_.display(subject)));
    std::string const had = targets_text(before_, old), has = targets_text(after_, subject);
    if (had != has) note(after_, subject, "mapped", fmt::format("{} to {}", had, has));
  }

  void compare_old(std::uint32_t subject) {
    if (other(before_, after_, subject) == codes::no_concept)
      note(before_, subject, "gone", std::string(before_.display(subject)));
  }

  const codes::CodeStore& before_;
  const codes::CodeStore& after_;
  std::map<std::string, std::vector<Change>> changes_;
};

/// What came of the values of a feed, by field, system and code.
struct Outcomes {
  static constexpr std::size_t values_max = 1'000'000;
  struct Row {
    std::uint64_t count = 0;
    std::string outcome;
  };
  std::unordered_map<std::string, Row> rows;
  std::uint64_t left_out = 0;

  void add(const SeenCode& seen) {
    std::string key =
        seen.path() + "\t" + std::string(seen.system()) + "\t" + std::string(seen.code());
    auto const known = rows.find(key);
    if (known != rows.end()) {
      ++known->second.count;
      return;
    }
    if (rows.size() == values_max) {
      ++left_out;
      return;
    }
    codes::Answer const& answer = seen.found.answer;
    std::string outcome(answer.found() ? codes::name(answer.how) : codes::name(answer.miss));
    if (answer.found())
      outcome +=
          fmt::format(" {} {}", seen.store.system_name(seen.store.concepts()[answer.target].system),
                      seen.store.code(answer.target));
    rows.emplace(std::move(key), Row{1, std::move(outcome)});
  }
};

Exit diff_data(const Request& request) {
  Outcomes before, after;
  Exit exit =
      visit_codes(request.read, request.before, [&](auto const& seen) { before.add(seen); });
  if (exit != Exit::ok) return exit;
  exit = visit_codes(request.read, request.after, [&](auto const& seen) { after.add(seen); });
  if (exit != Exit::ok) return exit;
  struct Difference {
    std::uint64_t count;
    std::string key, was, is;
  };
  std::vector<Difference> differences;
  std::uint64_t values = 0, changed = 0;
  for (auto const& [key, row] : before.rows) {
    values += row.count;
    auto const now = after.rows.find(key);
    if (now == after.rows.end() || now->second.outcome == row.outcome) continue;
    changed += row.count;
    differences.push_back({row.count, key, row.outcome, now->second.outcome});
  }
  std::sort(differences.begin(), differences.end(), [](auto const& a, auto const& b) {
    return a.count != b.count ? a.count > b.count : a.key < b.key;
  });
  std::string text;
  for (std::size_t k = 0; k < differences.size() && k < request.limit; ++k)
    text += fmt::format("{}\t{}\t{}\t{}\n", differences[k].count, differences[k].key,
                        differences[k].was, differences[k].is);
  if (auto const printed = print(text); !printed) return complain(printed.error());
  std::cerr << fmt::format("{} of {} coded values map otherwise ({} of {} different codes)\n",
                           grouped(changed), grouped(values), grouped(differences.size()),
                           grouped(before.rows.size()));
  if (before.left_out > 0)
    std::cerr << grouped(before.left_out) << " values of further codes were not looked at\n";
  return differences.empty() ? Exit::ok : Exit::no;
}

Exit run(const Request& request) {
  auto const before = LoadedCodes::named(request.before);
  if (!before) return complain(before.error());
  auto const after = LoadedCodes::named(request.after);
  if (!after) return complain(after.error());
  if (!request.read.inputs.empty()) return diff_data(request);
  StoreDiff const diff((*before)->store(), (*after)->store());
  auto const printed = print(diff.text(request.limit));
  if (!printed) return complain(printed.error());
  return diff.is_empty() ? Exit::ok : Exit::no;
}

std::function<Exit()> setup(CLI::App& command) {
  auto const request = std::make_shared<Request>();
  command.add_option("before", request->before, "The store that is in use, or starter")->required();
  command.add_option("after", request->after, "The store that would be")->required();
  command.add_option("input", request->read.inputs,
                     "HL7 files: only what changes for their values");
  command.add_option("--limit", request->limit, "Lines to show (default 50)");
  add_reading_options(command, request->read, true);
  return [request] { return run(*request); };
}

}  // namespace

const Verb codes_diff_verb{"diff", "Show what another store changes, for your data", examples,
                           setup};

}  // namespace hl7flow::cli
