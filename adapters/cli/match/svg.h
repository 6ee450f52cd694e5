#pragma once

#include <string>
#include <string_view>

// Text and drawings of a page that stands alone.
namespace hl7flow::cli {

/// Text for HTML and SVG, in attributes too: nothing in it is markup, or not UTF-8.
std::string html_text(std::string_view text);

/// A drawing in user units, drawn in the order of the calls. `style` is a class of the page's
/// style sheet.
class Svg {
 public:
  Svg(double width, double height, std::string_view title);
  /// `hint` shows under the pointer.
  Svg& bar(double x, double y, double width, double height, std::string_view style,
           std::string_view hint = {});
  Svg& line(double x1, double y1, double x2, double y2, std::string_view style);
  /// `anchor` is start, middle or end.
  Svg& text(double x, double y, std::string_view text, std::string_view anchor = "start",
            std::string_view style = {});
  /// A line through points, each "X,Y ".
  Svg& curve(std::string_view points, std::string_view style);
  std::string done() const { return text_ + "</svg>\n"; }

 private:
  std::string text_;
};

/// A scale from values to user units.
struct Scale {
  double from, to;    // values
  double begin, end;  // units
  double operator()(double value) const {
    return begin + (value - from) / (to - from) * (end - begin);
  }
};
/// The distance of marks on an axis: 1, 2 or 5 times a power of ten, for at most `most` of them.
double step_of(double range, int most);

}  // namespace hl7flow::cli
