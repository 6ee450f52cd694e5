#include <hl7flow/adapters/cli/match/explanation_page.h>

#include <fmt/format.h>

#include <algorithm>

#include <hl7flow/adapters/cli/match/model_charts.h>
#include <hl7flow/adapters/cli/match/svg.h>
#include <hl7flow/adapters/cli/report.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

// Beyond these a page is too long to read; the pairs are still listed.
constexpr std::size_t waterfalls_max = 60;
constexpr std::size_t listed_pairs_max = 2000;

// Blue is for one person, orange against: told apart by all readers, in light and dark.
constexpr std::string_view head = R"html(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hl7flow match explain</title>
<style>
:root { color-scheme: light dark; --back: #ffffff; --card: #f5f7f9; --ink: #1b2026;
  --muted: #56616c; --grid: #dbe1e6; --for: #1f6feb; --against: #c2570c; --mark: #8250df; }
@media (prefers-color-scheme: dark) { :root { --back: #0f1418; --card: #171d23; --ink: #e6eaee;
  --muted: #9aa6b2; --grid: #2d363f; --for: #58a6ff; --against: #f0883e; --mark: #bc8cff; } }
body { margin: 2rem auto; max-width: 56rem; padding: 0 1rem; background: var(--back);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
section { background: var(--card); border-radius: 8px; padding: .5rem 1.25rem 1rem; margin: 1rem 0;
  overflow-x: auto; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: .5rem 0; } p { color: var(--muted); }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .small { fill: var(--muted); font-size: 11px; } svg .strong { font-weight: 600; }
svg .number, td.number { font-variant-numeric: tabular-nums; }
.for { fill: var(--for); } .against { fill: var(--against); } .total { fill: var(--muted); }
.grid { stroke: var(--grid); } .zero { stroke: var(--muted); }
.threshold { stroke: var(--mark); stroke-dasharray: 4 3; stroke-width: 1.5; }
.curve { fill: none; stroke: var(--for); stroke-width: 2; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid var(--grid); }
td.number { text-align: right; } summary { cursor: pointer; }
</style></head><body>
)html";

class Page {
 public:
  Page(const Matching& found, const People& people, const PageSubject& subject)
      : found_(found),
        people_(people),
        subject_(subject),
        link_bits_(bits_of(subject.link_probability)) {}

  std::string text() {
    page_ = head;
    if (subject_.is_person)
      add_person();
    else
      add_pair({subject_.records[0], subject_.records[1]});
    add_model();
    page_ += "</body></html>\n";
    return std::move(page_);
  }

 private:
  /// An id may be a patient's number, so without values a record is where it stands.
  std::string record_name(std::uint32_t record) const {
    if (subject_.values) return html_text(people_.ids[record]);
    std::uint32_t first = record;
    while (first > 0 && people_.table.source(first - 1) == people_.table.source(record)) --first;
    return fmt::format("list {}, row {}", people_.table.source(record) + 1, record - first + 1);
  }
  bool is_one_person(RecordPair pair) const {
    return found_.persons[pair.a] == found_.persons[pair.b];
  }
  void add_section(std::string_view title, std::string_view says, const std::string& body) {
    page_ += fmt::format("<section><h2>{}</h2>\n<p>{}</p>\n{}</section>\n", title, says, body);
  }

  void add_pair(RecordPair pair) {
    Evidence const evidence = evidence_of(found_, people_, pair);
    page_ += fmt::format("<h1>{}</h1>\n<p>{} and {}: {:+.2f} bits, probability {:.6f}</p>\n",
                         is_one_person(pair) ? "One person" : "Two persons", record_name(pair.a),
                         record_name(pair.b), evidence.sum, probability_of(evidence.sum));
    add_section("Evidence",
                "Each comparison moves the odds: to the right for one person, to the left for two. "
                "The thin part of a bar is how rare the value is. The dashed line is the "
                "threshold.",
                waterfall_chart(evidence, link_bits_) + evidence_table(evidence, pair));
  }

  std::string evidence_table(const Evidence& evidence, RecordPair pair) const {
    std::string rows = "<table><tr><th>comparison</th><th>agreement</th>";
    if (subject_.values)
      rows += "<th>" + record_name(pair.a) + "</th><th>" + record_name(pair.b) + "</th>";
    rows += "<th>bits</th><th>rarity</th></tr>\n";
    for (EvidenceTerm const& term : evidence.terms) {
      Comparison const& one = *term.comparison;
      rows += fmt::format("<tr><td>{}</td><td>{}</td>", linkage::name(one),
                          level_label(one, term.level));
      if (subject_.values)
        for (std::uint32_t const record : {pair.a, pair.b})
          rows += "<td>" +
                  (is_of_another(one.kind) ? std::string()
                                           : html_text(people_.table.text(one.role, record))) +
                  "</td>";
      rows += fmt::format("<td class=\"number\">{:+.2f}</td><td class=\"number\">{}</td></tr>\n",
                          term.bits, term.rarity != 0 ? fmt::format("{:+.2f}", term.rarity) : "");
    }
    return rows + "</table>\n";
  }

  void add_person() {
    auto const& records = subject_.records;
    page_ += fmt::format("<h1>A person of {} record{}</h1>\n", records.size(),
                         records.size() == 1 ? "" : "s");
    add_section("Records",
                subject_.values ? "Values as they were compared."
                                : "Without values: what is there is marked with a tick.",
                records_table());
    add_pairs();
  }

  std::string records_table() const {
    std::vector<Role> const roles = people_.table.roles();
    std::string rows = "<table><tr><th>record</th>";
    for (Role const role : roles) rows += fmt::format("<th>{}</th>", linkage::name(role));
    rows += "</tr>\n";
    for (std::uint32_t const record : subject_.records) {
      rows += "<tr><td>" + record_name(record) + "</td>";
      for (Role const role : roles) {
        bool const there = people_.table.value(role, record) != 0;
        rows += "<td>" +
                (subject_.values ? html_text(people_.table.text(role, record))
                 : there         ? "✓"
                                 : "") +
                "</td>";
      }
      rows += "</tr>\n";
    }
    return rows + "</table>\n";
  }

  void add_pairs() {
    struct Explained {
      RecordPair pair;
      Evidence evidence;
    };
    std::vector<Explained> pairs;
    for (RecordPair const& pair : pairs_of(subject_.records))
      pairs.push_back({pair, evidence_of(found_, people_, pair)});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](auto const& a, auto const& b) { return a.evidence.sum > b.evidence.sum; });
    std::string body;
    for (std::size_t k = 0; k < std::min(pairs.size(), listed_pairs_max); ++k) {
      auto const& [pair, evidence] = pairs[k];
      std::string const summary =
          fmt::format("{} and {}: {:+.2f} bits, probability {:.6f}{}", record_name(pair.a),
                      record_name(pair.b), evidence.sum, probability_of(evidence.sum),
                      evidence.sum < link_bits_ ? ", joined by others" : "");
      body += k < waterfalls_max ? fmt::format("<details><summary>{}</summary>\n{}{}</details>\n",
                                               summary, waterfall_chart(evidence, link_bits_),
                                               evidence_table(evidence, pair))
                                 : "<div>" + summary + "</div>\n";
    }
    add_section("Pairs among them",
                fmt::format("{} pairs, the surest first. A pair may be unlikely by itself and "
                            "still belong: groups join if their pairs are likely on average.",
                            grouped(pairs.size())),
                body);
  }

  void add_model() {
    add_section("Match weights",
                "What each level of agreement is worth. Ten bits are a thousand to one.",
                weight_chart(found_.model));
    add_section("m and u",
                fmt::format("How often a level is among records of one person (m) and of two (u). "
                            "Of any two records, one pair in {} is one person.",
                            grouped(static_cast<std::uint64_t>(1 / found_.model.prior))),
                probability_chart(found_.model));
    add_section("Pairs by bits",
                fmt::format("{} pairs were compared. The dashed line is the threshold, probability "
                            "{:g}.",
                            grouped(found_.pairs.size()), subject_.link_probability),
                histogram_chart(found_, link_bits_));
    add_section("Threshold", "How many pairs are linked, were the threshold elsewhere.",
                threshold_chart(found_, link_bits_));
    add_section("Unlinkable records",
                "The share of records that say so little that not even a copy of themselves would "
                "reach the threshold.",
                unlinkables_chart(found_, people_, link_bits_));
  }

  const Matching& found_;
  const People& people_;
  const PageSubject& subject_;
  double const link_bits_;
  std::string page_;
};

}  // namespace

std::string explanation_page(const Matching& found, const People& people,
                             const PageSubject& subject) {
  return Page(found, people, subject).text();
}

}  // namespace hl7flow::cli
