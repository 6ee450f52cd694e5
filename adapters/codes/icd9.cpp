#include <hl7flow/adapters/codes/icd9.h>

#include <hl7flow/adapters/codes/loaders.h>

// Source: CMS, "ICD-9-CM version 32 full and abbreviated code titles", files CMS32_DESC_LONG_DX,
// _SHORT_DX, _LONG_SG and _SHORT_SG: a code without point, filled up with blanks, a blank, a title.
// The long titles of diagnoses have a few letters of Windows-1252. Only codes that may be used are
// listed, so that no code has a parent here. Checked against CMS32_DESC_LONG_DX.txt; the files of
// procedures and of short titles are taken to be alike.

namespace hl7flow::adapters {

namespace {

struct Kind {
  std::string_view pattern, called;
  Icd9Titles titles;
};
constexpr Kind kinds[] = {
    {"*DESC_SHORT_DX*.txt", "ICD-9-CM short titles", {false, false}},
    {"*DESC_LONG_DX*.txt", "ICD-9-CM long titles", {false, true}},
    {"*DESC_SHORT_SG*.txt", "ICD-9-PCS short titles", {true, false}},
    {"*DESC_LONG_SG*.txt", "ICD-9-PCS long titles", {true, true}},
};

/// "32" of "CMS32_DESC_LONG_DX.txt".
std::string_view version_in(std::string_view name) {
  std::size_t const begin = std::min(name.find_first_of("0123456789"), name.size());
  std::size_t const end = name.find_first_not_of("0123456789", begin);
  return name.substr(begin, end - begin);
}

}  // namespace

Status read_icd9_titles(codes::StoreBuilder& builder, ReleaseText& file, Icd9Titles titles,
                        std::string_view version) {
  codes::SystemFacts facts;
  facts.name = titles.is_procedures ? "ICD-9-PCS" : "ICD-9-CM";
  facts.version = version;
  codes::SystemId const system = builder.system(facts);
  auto const family = titles.is_procedures ? codes::Family::icd9_procedure : codes::Family::icd9;
  return take_lines(file, [&](std::string_view line) {
    std::size_t const end = std::min(line.find(' '), line.size());
    FormedCode const code = formed_code(family, line.substr(0, end));
    if (!code.is_good()) return bad_row("begins with no code of the system");
    std::string_view const title = in_columns(line.substr(end), 1, line.size());
    if (title.empty()) return bad_row("without a title");
    codes::ConceptFacts one;
    one.code = code.view();
    if (titles.is_long) one.display = title;
    std::uint32_t const subject = builder.add(system, one);
    if (!titles.is_long) {
      builder.add_name(subject, codes::NameKind::short_name, title);
      builder.mention(system, code.view(), title);  // the display, as long as there is no other
    }
    return row_loaded;
  });
}

Status load_icd9(codes::StoreBuilder& builder, const Release& release) {
  bool any = false;
  for (Kind const& kind : kinds) {
    std::string const file = release.find(kind.pattern);
    if (file.empty()) continue;
    any = true;
    auto const read = read_release_file(
        builder, release, file, kind.called, Encoding::utf8_or_windows_1252,
        [&](codes::StoreBuilder& into, ReleaseText& text) {
          return read_icd9_titles(into, text, kind.titles, version_in(plain_name(file)));
        });
    if (!read) return read;
  }
  if (any) return {};
  return none_found(release,
                    "CMS32_DESC_LONG_DX.txt, _SHORT_DX.txt, _LONG_SG.txt or _SHORT_SG.txt");
}

}  // namespace hl7flow::adapters
