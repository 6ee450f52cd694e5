#include <algorithm>
#include <pugixml.hpp>

#include <hl7flow/adapters/codes/icd10.h>

// Source: CDC/NCHS, icd10cm_tabular_YYYY.xml; its elements as found in the list of 2021. Sections
// lie side by side there, those that hold other sections too (C00-C96 holds C00-C14): what holds
// what follows from their ranges.

namespace hl7flow::adapters {

namespace {

/// What holds categories: a section, or a chapter.
struct Range {
  std::string first, last;
  std::uint32_t subject = codes::no_concept;
  std::string code() const { return first + '-' + last; }
  bool is_in(const Range& other) const {
    return other.first <= first && last <= other.last &&
           (other.first != first || other.last != last);
  }
};

bool is_category(std::string_view text) {
  return text.size() == 3 && formed_code(codes::Family::icd10cm, text).is_good();
}

/// "A00-A09", or "B20" for a range of one.
Range range_of(std::string_view text) {
  Range range;
  std::string_view const first = text.substr(0, text.find('-'));
  std::string_view const last = first.size() < text.size() ? text.substr(first.size() + 1) : first;
  if (!is_category(first) || !is_category(last)) return range;
  range.first = first;
  range.last = last;
  return range;
}

/// The title and the range behind it: "Certain infectious and parasitic diseases (A00-B99)".
struct Title {
  std::string_view text, range;
};
Title title_of(std::string_view described) {
  std::size_t const open = described.rfind('(');
  if (open == std::string_view::npos || !described.ends_with(')')) return {described, {}};
  std::string_view text = described.substr(0, open);
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  return {text, described.substr(open + 1, described.size() - open - 2)};
}

class TabularReader {
 public:
  TabularReader(codes::StoreBuilder& builder, ReleaseText& file, codes::SystemId system)
      : builder_(builder), file_(file), system_(system) {}

  void chapter(pugi::xml_node node) {
    Title const title = title_of(node.child("desc").text().get());
    Range const chapter = held(title.range, title.text, "a chapter without a range");
    std::vector<Range> sections;
    for (pugi::xml_node const section : node.children("section")) {
      Title const described = title_of(section.child("desc").text().get());
      Range const range =
          held(section.attribute("id").value(), described.text, "a section without a range");
      if (range.subject != codes::no_concept) sections.push_back(range);
      for (pugi::xml_node const diagnosis : section.children("diag"))
        category(diagnosis, range.subject);
    }
    for (Range const& section : sections)
      set_parent(section.subject, holder_of(section, sections, chapter));
  }

 private:
  /// A chapter or section as a concept.
  Range held(std::string_view codes, std::string_view title, std::string_view otherwise) {
    ++file_.report.rows_read;
    Range range = range_of(codes);
    if (range.first.empty()) {
      file_.report.bad(file_.report.rows_read, otherwise);
      return range;
    }
    codes::ConceptFacts facts;
    std::string const code = range.code();
    facts.code = code;
    facts.display = title;
    facts.selectable = false;
    range.subject = builder_.add(system_, facts);
    ++file_.report.rows_loaded;
    return range;
  }

  static std::uint32_t holder_of(const Range& section, const std::vector<Range>& sections,
                                 const Range& chapter) {
    const Range* best = &chapter;
    for (Range const& other : sections)
      if (section.is_in(other) && (best == &chapter || other.is_in(*best))) best = &other;
    // A list may name any ranges: only a wider one holds, so that no circle comes of it.
    return section.is_in(*best) ? best->subject : codes::no_concept;
  }

  void set_parent(std::uint32_t subject, std::uint32_t parent) {
    if (subject == codes::no_concept || parent == codes::no_concept || subject == parent) return;
    builder_.set_parent(subject, parent);
  }

  void category(pugi::xml_node top, std::uint32_t holder) {
    std::uint32_t const subject = diagnosis(top);
    set_parent(subject, holder);
    // Those below, however deep, without recursion.
    for (pugi::xml_node node = next(top, top); node; node = next(node, top)) diagnosis(node);
  }

  /// The next <diag> in document order that lies in `top`.
  static pugi::xml_node next(pugi::xml_node node, pugi::xml_node top) {
    if (pugi::xml_node const below = node.child("diag")) return below;
    for (; node != top; node = node.parent())
      if (pugi::xml_node const beside = node.next_sibling("diag")) return beside;
    return {};
  }

  std::uint32_t diagnosis(pugi::xml_node node) {
    ++file_.report.rows_read;
    FormedCode const code = formed_code(codes::Family::icd10cm, node.child("name").text().get());
    if (!code.is_good()) {
      file_.report.bad(file_.report.rows_read, "a diagnosis without a code");
      return codes::no_concept;
    }
    std::uint32_t const subject = builder_.find(system_, code.view());
    if (subject == codes::no_concept) {
      ++file_.report.rows_skipped;
      return subject;
    }
    for (pugi::xml_node const terms : node.children("inclusionTerm"))
      for (pugi::xml_node const term : terms.children("note"))
        builder_.add_name(subject, codes::NameKind::synonym, term.text().get());
    ++file_.report.rows_loaded;
    if (file_.report.rows_read % 4096 == 0)
      file_.advance(
          std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)),
                   file_.text.size()));
    return subject;
  }

  codes::StoreBuilder& builder_;
  ReleaseText& file_;
  codes::SystemId system_;
};

}  // namespace

Status read_icd10cm_tabular(codes::StoreBuilder& builder, ReleaseText& file) {
  pugi::xml_document document;
  auto const parsed = document.load_buffer(file.text.data(), file.text.size(), pugi::parse_default,
                                           pugi::encoding_utf8);
  if (!parsed)
    return file.refuse("is no complete XML: " + std::string(parsed.description()) + " at byte " +
                       std::to_string(parsed.offset));
  pugi::xml_node const root = document.child("ICD10CM.tabular");
  if (!root) return file.refuse("is no tabular list: its root is not ICD10CM.tabular");
  codes::SystemFacts facts;
  facts.name = "ICD-10-CM";
  TabularReader reader(builder, file, builder.system(facts));
  for (pugi::xml_node const chapter : root.children("chapter")) reader.chapter(chapter);
  return {};
}

}  // namespace hl7flow::adapters
