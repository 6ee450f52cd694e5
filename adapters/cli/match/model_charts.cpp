#include <hl7flow/adapters/cli/match/model_charts.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <hl7flow/adapters/cli/match/svg.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/linkage/pair_scorer.h>

namespace hl7flow::cli {
namespace {

using namespace linkage;

constexpr double width = 820, label_end = 150, row_height = 20;
constexpr double plot_height = 240, axis_height = 40;
// Thresholds that are drawn: from one in a thousand to all but one in a million.
constexpr double least_bits = -10, most_bits = 20;

std::string_view side_of(double bits) { return bits < 0 ? "against" : "for"; }

/// Marks of the horizontal axis, and what it is.
void draw_axis(Svg& svg, const Scale& x, double top, double bottom, std::string_view what) {
  double const step = step_of(x.to - x.from, 12);
  for (double at = std::ceil(x.from / step) * step; at <= x.to + 1e-9; at += step) {
    svg.line(x(at), top, x(at), bottom, std::abs(at) < 1e-9 ? "zero" : "grid");
    svg.text(x(at), bottom + 14, fmt::format("{:g}", std::abs(at) < 1e-9 ? 0 : at), "middle",
             "small");
  }
  svg.text((x.begin + x.end) / 2, bottom + 30, what, "middle", "small");
}

void draw_threshold(Svg& svg, const Scale& x, double bits, double top, double bottom) {
  if (bits < x.from || bits > x.to) return;
  svg.line(x(bits), top, x(bits), bottom, "threshold");
}

/// Values of a chart over thresholds: one for each step of an eighth of a bit.
template <class Value>
std::string curve_of(const Scale& x, const Scale& y, Value&& value) {
  std::string points;
  for (double bits = x.from; bits <= x.to + 1e-9; bits += 0.125)
    points += fmt::format("{:.1f},{:.1f} ", x(bits), y(value(bits)));
  return points;
}

/// How many of the sorted bits are `least` or more.
double count_from(const std::vector<double>& sorted, double least) {
  return static_cast<double>(sorted.end() - std::lower_bound(sorted.begin(), sorted.end(), least));
}

std::string curve_chart(std::string_view title, const std::vector<double>& sorted, double link_bits,
                        bool share_below) {
  Svg svg(width, plot_height + axis_height, title);
  auto const total = static_cast<double>(sorted.size());
  auto const value = [&](double bits) {
    double const from = count_from(sorted, bits);
    return share_below ? (total - from) / std::max(total, 1.0) : from;
  };
  double const highest = share_below ? value(most_bits) : value(least_bits);
  Scale const x{least_bits, most_bits, 80, width - 20};
  Scale const y{0, highest > 0 ? highest * 1.05 : 1, plot_height - 10, 10};
  draw_axis(svg, x, 10, plot_height - 10, "threshold in bits");
  double const step = step_of(y.to, 5);
  for (double at = 0; at <= y.to; at += step) {
    svg.line(80, y(at), width - 20, y(at), "grid");
    svg.text(74, y(at) + 4,
             share_below ? fmt::format("{:g} %", at * 100)
                         : grouped(static_cast<std::uint64_t>(std::llround(at))),
             "end", "small");
  }
  svg.curve(curve_of(x, y, value), "curve");
  draw_threshold(svg, x, link_bits, 10, plot_height - 10);
  return svg.done();
}

std::vector<double> bits_of_pairs(const Matching& found) {
  std::vector<double> bits;
  bits.reserve(found.pairs.size());
  for (ScoredPair const& one : found.pairs) bits.push_back(one.bits);
  std::sort(bits.begin(), bits.end());
  return bits;
}

/// Calls draw(comparison, level, y, is_first) for each level from exact to different.
template <class Draw>
double for_each_level(const LinkageModel& model, Draw&& draw) {
  double y = 10;
  for (std::size_t k = 0; k < model.comparisons.size(); ++k) {
    for (Level level = model.comparisons[k].top; level >= 1; --level) {
      draw(k, level, y, level == model.comparisons[k].top);
      y += row_height;
    }
    y += 8;
  }
  return y;
}

}  // namespace

std::string waterfall_chart(const Evidence& evidence, double link_bits) {
  double least = std::min({0.0, evidence.prior, link_bits});
  double most = std::max({0.0, evidence.prior, link_bits});
  double sum = evidence.prior;
  auto const reach = [&](double step) {
    sum += step;
    least = std::min(least, sum);
    most = std::max(most, sum);
  };
  for (EvidenceTerm const& term : evidence.terms) {
    reach(term.bits);
    reach(term.rarity);
  }
  for (EvidenceRemark const& one : evidence.remarks) reach(one.bits);
  std::size_t const rows = evidence.terms.size() + evidence.remarks.size() + 2;
  double const bottom = 10 + row_height * static_cast<double>(rows);
  Svg svg(width, bottom + axis_height, "Evidence for and against, in bits");
  Scale const x{least - 1, most + 1, label_end, width - 240};
  draw_axis(svg, x, 10, bottom, "bits: the logarithm of the odds, to base 2");
  double y = 10, at = 0;
  auto const row = [&](std::string_view name, double bits, double rarity, std::string_view said,
                       bool total) {
    svg.text(label_end - 8, y + 14, name, "end");
    double const begin = total ? 0 : at;
    svg.bar(x(begin), y + 3, x(begin + bits) - x(begin), row_height - 6,
            total ? "total" : side_of(bits), fmt::format("{}: {:+.2f} bits", name, bits));
    if (rarity != 0)
      svg.bar(x(begin + bits), y + 6, x(begin + bits + rarity) - x(begin + bits), row_height - 12,
              side_of(rarity), fmt::format("{}: {:+.2f} bits for rarity", name, rarity));
    svg.text(width - 232, y + 14, fmt::format("{:+.2f}", bits + rarity), "start", "number");
    svg.text(width - 172, y + 14, said, "start", "small");
    if (!total) at = begin + bits + rarity;
    y += row_height;
  };
  row("any two records", evidence.prior, 0, "before comparing", false);
  for (EvidenceTerm const& term : evidence.terms)
    row(linkage::name(*term.comparison), term.bits, term.rarity,
        level_label(*term.comparison, term.level), false);
  for (EvidenceRemark const& one : evidence.remarks) row(one.name, one.bits, 0, one.reason, false);
  row("sum", evidence.sum, 0, fmt::format("probability {:.6f}", probability_of(evidence.sum)),
      true);
  draw_threshold(svg, x, link_bits, 10, bottom);
  return svg.done();
}

std::string weight_chart(const LinkageModel& model) {
  double least = 0, most = 0;
  double const bottom = for_each_level(model, [&](std::size_t k, Level level, double, bool) {
    least = std::min(least, model.weight(k, level));
    most = std::max(most, model.weight(k, level));
  });
  Svg svg(width, bottom + axis_height, "Match weights: bits of each level");
  Scale const x{least - 1, most + 1, 340, width - 70};
  draw_axis(svg, x, 10, bottom, "bits");
  for_each_level(model, [&](std::size_t k, Level level, double y, bool first) {
    Comparison const& one = model.comparisons[k];
    double const bits = model.weight(k, level);
    if (first) svg.text(0, y + 14, linkage::name(one), "start", "strong");
    svg.text(332, y + 14, level_label(one, level), "end", "small");
    svg.bar(x(0), y + 3, x(bits) - x(0), row_height - 6, side_of(bits));
    svg.text(width - 62, y + 14, fmt::format("{:+.2f}", bits), "start", "number");
  });
  return svg.done();
}

std::string probability_chart(const LinkageModel& model) {
  double const bottom = for_each_level(model, [](std::size_t, Level, double, bool) {});
  Svg svg(width, bottom + 20, "m and u: how often each level is");
  Scale const m{0, 1, 340, 500}, u{0, 1, 590, 750};
  for_each_level(model, [&](std::size_t k, Level level, double y, bool first) {
    Comparison const& one = model.comparisons[k];
    if (first) svg.text(0, y + 14, linkage::name(one), "start", "strong");
    svg.text(332, y + 14, level_label(one, level), "end", "small");
    for (auto const& [scale, value, style] :
         {std::tuple(&m, model.m[k][level], "for"), std::tuple(&u, model.u[k][level], "against")}) {
      svg.bar((*scale)(0), y + 3, (*scale)(value) - (*scale)(0), row_height - 6, style);
      svg.text((*scale)(1) + 6, y + 14, fmt::format("{:.2g}", value), "start", "number");
    }
  });
  svg.text(340, bottom + 12, "m: of one person", "start", "small");
  svg.text(590, bottom + 12, "u: of two persons", "start", "small");
  return svg.done();
}

std::string histogram_chart(const Matching& found, double link_bits) {
  constexpr int from = -40, to = 60;
  std::vector<double> counts(to - from);
  for (ScoredPair const& one : found.pairs) {
    auto const bin = std::clamp(static_cast<int>(std::floor(one.bits)), from, to - 1) - from;
    counts[static_cast<std::size_t>(bin)] += 1;
  }
  double const most = *std::max_element(counts.begin(), counts.end());
  Svg svg(width, plot_height + axis_height, "Pairs that were compared, by bits");
  Scale const x{from, to, 80, width - 20};
  // Most pairs are of two persons: only a logarithm shows the rest.
  Scale const y{0, std::log10(1 + std::max(most, 9.0)), plot_height - 10, 10};
  draw_axis(svg, x, 10, plot_height - 10, "bits; the outer bars hold what is beyond");
  for (double mark = 1; mark <= std::max(most, 9.0); mark *= 10) {
    svg.line(80, y(std::log10(1 + mark)), width - 20, y(std::log10(1 + mark)), "grid");
    svg.text(74, y(std::log10(1 + mark)) + 4, grouped(static_cast<std::uint64_t>(mark)), "end",
             "small");
  }
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] == 0) continue;
    double const bits = from + static_cast<double>(k), top = y(std::log10(1 + counts[k]));
    svg.bar(x(bits) + 0.5, top, x(bits + 1) - x(bits) - 1, plot_height - 10 - top,
            bits < link_bits ? "against" : "for",
            fmt::format("{} pairs from {} to {} bits",
                        grouped(static_cast<std::uint64_t>(counts[k])), bits, bits + 1));
  }
  draw_threshold(svg, x, link_bits, 10, plot_height - 10);
  return svg.done();
}

std::string threshold_chart(const Matching& found, double link_bits) {
  return curve_chart("Pairs that are linked, by threshold", bits_of_pairs(found), link_bits, false);
}

std::string unlinkables_chart(const Matching& found, const People& people, double link_bits) {
  Comparer comparer(people.table, found.model.comparisons);
  PairScorer const scorer(found.model, people.table, found.guards_twins);
  std::vector<double> bits;
  bits.reserve(people.table.size());
  for (std::uint32_t k = 0; k < people.table.size(); ++k)
    bits.push_back(scorer.score(comparer.compare(k, k), {k, k}));
  std::sort(bits.begin(), bits.end());
  return curve_chart("Records that cannot be linked, by threshold", bits, link_bits, true);
}

}  // namespace hl7flow::cli
