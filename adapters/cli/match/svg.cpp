#include <hl7flow/adapters/cli/match/svg.h>

#include <fmt/format.h>

#include <cmath>

#include <hl7flow/parsers/charset.h>

namespace hl7flow::cli {

std::string html_text(std::string_view text) {
  Buffer<char> converted;
  if (!is_utf8(text) && to_utf8(text, Charset::utf8, CharsetPolicy::OnError::replace, converted))
    text = {converted.data(), converted.size()};
  std::string made;
  for (char const c : text) {
    switch (c) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      case '\'':
        made += "&#39;";
        break;
      default:
        made += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return made;
}

Svg::Svg(double width, double height, std::string_view title)
    : text_(fmt::format("<svg viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" style=\"max-width:"
                        "{0:.0f}px\" aria-label=\"{2}\"><title>{2}</title>\n",
                        width, height, html_text(title))) {}

Svg& Svg::bar(double x, double y, double width, double height, std::string_view style,
              std::string_view hint) {
  if (width < 0) {
    x += width;
    width = -width;
  }
  text_ += fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\">", x, y,
      std::max(width, 0.5), height, style);
  if (!hint.empty()) text_ += "<title>" + html_text(hint) + "</title>";
  text_ += "</rect>\n";
  return *this;
}

Svg& Svg::line(double x1, double y1, double x2, double y2, std::string_view style) {
  text_ +=
      fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n",
                  x1, y1, x2, y2, style);
  return *this;
}

Svg& Svg::text(double x, double y, std::string_view text, std::string_view anchor,
               std::string_view style) {
  text_ +=
      fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n", x,
                  y, anchor, style, html_text(text));
  return *this;
}

Svg& Svg::curve(std::string_view points, std::string_view style) {
  text_ += fmt::format("<polyline points=\"{}\" class=\"{}\"/>\n", points, style);
  return *this;
}

double step_of(double range, int most) {
  double const least = range / most;
  double const power = std::pow(10, std::floor(std::log10(least)));
  for (double const factor : {1.0, 2.0, 5.0})
    if (factor * power >= least) return factor * power;
  return 10 * power;
}

}  // namespace hl7flow::cli
