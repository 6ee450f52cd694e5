#pragma once

#include <cmath>
#include <cstdlib>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <hl7flow/parsers/ucum/unit_parser.h>
#include <hl7flow/parsers/ucum/unit_table.h>

// The public functional tests of UCUM (UcumFunctionalTests.xml), for the tests and for perf.
namespace hl7flow::test {

struct UcumSuite {
  std::size_t validations = 0, conversions = 0, products = 0;
  std::vector<std::string> failures;  // "ID: what came of it", cases on the list left out
  std::size_t listed = 0;             // cases that are themselves wrong, each of which must fail
};

/// A case that is itself wrong, and why.
struct WrongCase {
  std::string_view file, id, why;
};

/// All of them stand in the older of the two files, and the newer one has them mended.
inline constexpr WrongCase wrong_ucum_cases[] = {
    {"UcumFunctionalTests.2.xml", "1-103", "an empty text is no expression of the grammar"},
    {"UcumFunctionalTests.2.xml", "k=1=049", "an annotation stands before its symbol"},
    {"UcumFunctionalTests.2.xml", "3-111", "a milligram in the denominator makes more, not less"},
    {"UcumFunctionalTests.2.xml", "3-115", "s/4.m is (s/4).m, which is no s/m"},
};

class UcumSuiteRunner {
 public:
  explicit UcumSuiteRunner(const ucum::UnitTable& table) : table_(table) {}

  UcumSuite run(const std::string& path) {
    file_ = path.substr(path.rfind('/') + 1);
    pugi::xml_document document;
    if (!document.load_file(path.c_str())) {
      suite_.failures.push_back("cannot read " + path);
      return suite_;
    }
    pugi::xml_node const root = document.child("ucumTests");
    for (pugi::xml_node const one : root.child("validation").children("case")) validate(one);
    for (pugi::xml_node const one : root.child("conversion").children("case")) convert(one);
    for (pugi::xml_node const one : root.child("multiplication").children("case")) combine(one, 1);
    for (pugi::xml_node const one : root.child("division").children("case")) combine(one, -1);
    return suite_;
  }

 private:
  void judge(const pugi::xml_node& one, bool good, const std::string& what) {
    std::string const id = std::string(one.attribute("id").value());
    for (WrongCase const& wrong : wrong_ucum_cases) {
      if (wrong.id != id || wrong.file != file_) continue;
      ++suite_.listed;
      if (good) suite_.failures.push_back(id + ": is on the list of wrong cases, and passes");
      return;
    }
    if (!good) suite_.failures.push_back(id + ": " + what);
  }

  void validate(const pugi::xml_node& one) {
    ++suite_.validations;
    std::string const unit = one.attribute("unit").value();
    bool const wanted = std::string_view(one.attribute("valid").value()) == "true";
    bool const found = table_.parse(unit).has_value();
    judge(one, found == wanted, '"' + unit + "\" is " + (found ? "valid" : "not valid"));
  }

  /// Expected values are rounded: as many digits count as are written.
  static bool agrees(double value, std::string_view expected) {
    double const wanted = std::strtod(std::string(expected).c_str(), nullptr);
    if (value == wanted) return true;
    std::size_t digits = 0;
    for (char const c : expected.substr(0, expected.find_first_of("eE")))
      if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
    digits = std::min<std::size_t>(digits, 6);  // UCUM's constants have no more in common
    double const unit =
        std::pow(10, std::floor(std::log10(std::fabs(wanted))) + 1 - static_cast<double>(digits));
    return std::fabs(value - wanted) <= unit * 0.500001;
  }

  void convert(const pugi::xml_node& one) {
    ++suite_.conversions;
    auto const from = table_.parse(one.attribute("srcUnit").value());
    auto const to = table_.parse(one.attribute("dstUnit").value());
    if (!from || !to) return judge(one, false, "a unit does not parse");
    auto const conversion = ucum::Conversion::between(*from, *to);
    if (!conversion) return judge(one, false, "not commensurable");
    double const value = (*conversion)(std::atof(one.attribute("value").value()));
    judge(one, agrees(value, one.attribute("outcome").value()), std::to_string(value));
  }

  void combine(const pugi::xml_node& one, int sign) {
    ++suite_.products;
    std::string const result = one.attribute("uRes").value();
    auto const first = table_.parse(one.attribute("u1").value());
    auto const second = table_.parse(one.attribute("u2").value());
    auto const wanted = table_.parse(result.empty() ? "1" : result);
    if (!first || !second || !wanted) return judge(one, false, "a unit does not parse");
    auto const right = ucum::power(*second, sign);
    auto const made = right ? ucum::product(*first, *right) : right;
    if (!made) return judge(one, false, "no product");
    auto const conversion = ucum::Conversion::between(*made, *wanted);
    if (!conversion) return judge(one, false, "not commensurable");
    double const v1 = std::atof(one.attribute("v1").value());
    double const v2 = std::atof(one.attribute("v2").value());
    double const value = (*conversion)(sign > 0 ? v1 * v2 : v1 / v2);
    judge(one, agrees(value, one.attribute("vRes").value()), std::to_string(value));
  }

  const ucum::UnitTable& table_;
  std::string file_;
  UcumSuite suite_;
};

}  // namespace hl7flow::test
