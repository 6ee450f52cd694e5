#include <hl7flow/stages/identify/person_options.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include <hl7flow/parsers/number_text.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::stages {

namespace {

// To be raised when the same statements come to other persons: default_weights(), caution(),
// PersonPartition, pack(), what counts of what was said of a pair.
constexpr std::string_view first_line = "persons 3";

Result<std::vector<linkage::Aspect>, Failure> read_rule(std::string_view text) {
  std::vector<linkage::Aspect> rule;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find('+', begin), text.size());
    std::string_view const word = text.substr(begin, end - begin);
    std::size_t known = 0;
    while (known < linkage::aspect_count && name(static_cast<linkage::Aspect>(known)) != word)
      ++known;
    if (known == linkage::aspect_count) {
      std::vector<std::string> names;
      for (std::size_t k = 0; k < linkage::aspect_count; ++k)
        names.emplace_back(name(static_cast<linkage::Aspect>(k)));
      return fail(ErrorCode::bad_option,
                  "rules are values with + between them, such as "
                  "identifier+birth_date; there is no \"" +
                      std::string(word) + '"' + nearest_name(word, names));
    }
    rule.push_back(static_cast<linkage::Aspect>(known));
    begin = end + 1;
  }
  return rule;
}

bool read_number(std::string_view text, double& number) {
  auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && stop == text.data() + text.size();
}

// Numbers of levels from 1 up, with a blank before each.
std::string bits_text(const std::array<float, linkage::level_max + 1>& bits, linkage::Level top) {
  std::string made;
  for (linkage::Level level = 1; level <= top; ++level)
    made.append(" ").append(number_text(bits[level]));
  return made;
}

std::string weights_text(const linkage::AspectWeights& weights) {
  std::string made = "prior" + bits_text({0, weights.prior}, 1) + "\n";
  if (weights.knows_households)
    made += "household_prior" + bits_text({0, weights.household_prior}, 1) + "\n";
  for (std::size_t k = 0; k < linkage::aspect_count; ++k) {
    auto const aspect = static_cast<linkage::Aspect>(k);
    std::string const which = " " + std::string(name(aspect));
    made += "bits" + which + bits_text(weights.bits[k], top_of(aspect)) + "\n";
    if (weights.knows_households)
      made += "household" + which + bits_text(weights.household[k], top_of(aspect)) + "\n";
  }
  return made;
}

/// Reads what bits_text() wrote.
bool read_bits(std::string_view text, std::array<float, linkage::level_max + 1>& bits,
               linkage::Level top) {
  for (linkage::Level level = 1; level <= top; ++level) {
    if (!text.starts_with(' ')) return false;
    auto const [stop, error] =
        std::from_chars(text.data() + 1, text.data() + text.size(), bits[level]);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  }
  return text.empty();
}

/// A line of weights_text(); false if it is none.
bool read_weights_line(std::string_view line, linkage::AspectWeights& weights) {
  std::size_t const blank = std::min(line.find(' '), line.size());
  std::string_view const word = line.substr(0, blank), rest = line.substr(blank);
  std::array<float, linkage::level_max + 1> number{};
  if (word == "prior" || word == "household_prior") {
    if (!read_bits(rest, number, 1)) return false;
    weights.knows_households |= word == "household_prior";
    (word == "prior" ? weights.prior : weights.household_prior) = number[1];
    return true;
  }
  if (word != "bits" && word != "household") return false;
  for (std::size_t k = 0; k < linkage::aspect_count; ++k) {
    auto const aspect = static_cast<linkage::Aspect>(k);
    std::string const wanted = " " + std::string(name(aspect)) + " ";
    if (rest.starts_with(wanted))
      return read_bits(rest.substr(wanted.size() - 1),
                       word == "bits" ? weights.bits[k] : weights.household[k], top_of(aspect));
  }
  return false;
}

}  // namespace

Result<linkage::RegistryOptions, Failure> PersonOptions::compiled() const {
  linkage::RegistryOptions made;
  if (records == 0 || records >= linkage::no_number / 2)
    return fail(ErrorCode::bad_option, "records must be from 1 to 2147483646");
  made.records_max = static_cast<std::uint32_t>(records);
  for (double const probability : {link, review})
    if (!(probability > 0 && probability < 1))
      return fail(ErrorCode::bad_option, "link and review must be above 0 and below 1");
  if (review > link) return fail(ErrorCode::bad_option, "review must not be above link");
  auto const bits = [](double p) { return static_cast<float>(std::log2(p / (1 - p))); };
  made.link_bits = bits(link);
  made.review_bits = bits(review);
  for (std::string const& one : rules) {
    auto rule = read_rule(one);
    if (!rule) return tl::unexpected<Failure>(rule.error());
    made.rules.push_back(std::move(*rule));
  }
  if (weights) made.weights = *weights;
  return made;
}

std::string PersonOptions::differences(const PersonOptions& other) const {
  std::string made;
  auto const note = [&](bool differs, std::string_view what) {
    if (differs) made.append(made.empty() ? "" : ", ").append(what);
  };
  note(link != other.link, "link");
  note(review != other.review, "review");
  note(rules != other.rules, "rules");
  note(weights != other.weights, "weights");
  return made;
}

std::string PersonOptions::text() const {
  std::string made(first_line);
  made.append("\nlink ").append(number_text(link));
  made.append("\nreview ").append(number_text(review)).append("\n");
  for (std::string const& one : rules) made.append("rule ").append(one).append("\n");
  if (weights) made += weights_text(*weights);
  return made;
}

Result<PersonOptions, Failure> PersonOptions::read(std::string_view text) {
  PersonOptions made;
  bool good = text.starts_with(first_line);
  for (std::size_t begin = text.find('\n') + 1; good && begin < text.size();) {
    std::size_t const end = std::min(text.find('\n', begin), text.size());
    std::string_view const line = text.substr(begin, end - begin);
    if (line.starts_with("link "))
      good = read_number(line.substr(5), made.link);
    else if (line.starts_with("review "))
      good = read_number(line.substr(7), made.review);
    else if (line.starts_with("rule "))
      made.rules.emplace_back(line.substr(5));
    else
      good = read_weights_line(line, made.weights ? *made.weights : made.weights.emplace());
    begin = end + 1;
  }
  if (!good)
    return fail(ErrorCode::io, "the state is not one of identify, or one of another version");
  return made;
}

}  // namespace hl7flow::stages
