#include <hl7flow/parsers/charset.h>

#include <functional>

#include <simdjson.h>

#include <hl7flow/parsers/charset_tables.h>
#include <hl7flow/parsers/utf8.h>

namespace hl7flow {
namespace {

struct Alias {
  std::string_view name;  // letters and digits only, upper case
  Charset charset;
};

// HL7 table 0211, its withdrawn names, and what senders write instead: IANA's and Microsoft's
// names, and the ISO IR numbers that DICOM uses.
constexpr Alias aliases[] = {
    {"", Charset::utf8},
    {"ASCII", Charset::utf8},
    {"USASCII", Charset::utf8},
    {"ISOIR6", Charset::utf8},
    {"UTF8", Charset::utf8},
    {"UNICODE", Charset::utf8},
    {"UNICODEUTF8", Charset::utf8},
    {"ISOIR192", Charset::utf8},
    {"UTF16", Charset::utf_16},
    {"UNICODEUTF16", Charset::utf_16},
    {"UTF32", Charset::utf_32},
    {"UNICODEUTF32", Charset::utf_32},
    {"88591", Charset::windows_1252},
    {"ISO88591", Charset::windows_1252},
    {"ISOIR100", Charset::windows_1252},
    {"LATIN1", Charset::windows_1252},
    {"WINDOWS1252", Charset::windows_1252},
    {"CP1252", Charset::windows_1252},
    {"88592", Charset::iso_8859_2},
    {"ISO88592", Charset::iso_8859_2},
    {"ISOIR101", Charset::iso_8859_2},
    {"88593", Charset::iso_8859_3},
    {"ISO88593", Charset::iso_8859_3},
    {"ISOIR109", Charset::iso_8859_3},
    {"88594", Charset::iso_8859_4},
    {"ISO88594", Charset::iso_8859_4},
    {"ISOIR110", Charset::iso_8859_4},
    {"88595", Charset::iso_8859_5},
    {"ISO88595", Charset::iso_8859_5},
    {"ISOIR144", Charset::iso_8859_5},
    {"88596", Charset::iso_8859_6},
    {"ISO88596", Charset::iso_8859_6},
    {"ISOIR127", Charset::iso_8859_6},
    {"88597", Charset::iso_8859_7},
    {"ISO88597", Charset::iso_8859_7},
    {"ISOIR126", Charset::iso_8859_7},
    {"88598", Charset::iso_8859_8},
    {"ISO88598", Charset::iso_8859_8},
    {"ISOIR138", Charset::iso_8859_8},
    {"88599", Charset::iso_8859_9},
    {"ISO88599", Charset::iso_8859_9},
    {"ISOIR148", Charset::iso_8859_9},
    {"885915", Charset::iso_8859_15},
    {"ISO885915", Charset::iso_8859_15},
    {"ISOIR203", Charset::iso_8859_15},
    {"JISX0201", Charset::jis_x_0201},
    {"ISOIR13", Charset::jis_x_0201},
    {"ISOIR14", Charset::jis_x_0201},
    {"ISO2022JP", Charset::iso_2022_jp},
    {"ISOIR87", Charset::iso_2022_jp},
    {"ISOIR159", Charset::iso_2022_jp},
    {"ISO2022IR87", Charset::iso_2022_jp},
    {"ISO2022IR159", Charset::iso_2022_jp},
    {"JISX0202", Charset::iso_2022_jp},
    {"JISX0208", Charset::iso_2022_jp},
    {"JISX0212", Charset::iso_2022_jp},
    {"JAS2020", Charset::iso_2022_jp},
    {"SHIFTJIS", Charset::shift_jis},
    {"SJIS", Charset::shift_jis},
    {"CP932", Charset::shift_jis},
    {"WINDOWS31J", Charset::shift_jis},
    {"EUCJP", Charset::euc_jp},
    {"GB18030", Charset::gb_18030},
    {"GB180302000", Charset::gb_18030},
    {"GBK", Charset::gb_18030},
    {"GB2312", Charset::gb_18030},
    {"CP936", Charset::gb_18030},
    {"EUCKR", Charset::euc_kr},
    {"KSX1001", Charset::euc_kr},
    {"KSC5601", Charset::euc_kr},
    {"CP949", Charset::euc_kr},
    {"EUCTW", Charset::euc_tw},
    {"CNS11643", Charset::euc_tw},
    {"CNS116431992", Charset::euc_tw},
    {"BIG5", Charset::big5},
    {"CP950", Charset::big5},
};

constexpr std::size_t name_length_max = 32;

/// The letters and digits of a name, upper case. What is longer than any name stays unknown.
struct BareName {
  char text[name_length_max] = {};
  std::size_t length = 0;
  bool fits = true;

  explicit BareName(std::string_view name) noexcept {
    for (char const c : name) {
      bool const lower = c >= 'a' && c <= 'z';
      bool const kept = lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      bool const ignored = c == ' ' || c == '.' || c == '-' || c == '_' || c == '/';
      if (ignored) continue;
      if (!kept || length == name_length_max) {
        fits = false;
        return;
      }
      text[length++] = lower ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  std::string_view view() const noexcept { return {text, length}; }
};

/// Calls visit(repetition, position) until it returns false.
template <class Visit>
void for_each_repetition(std::string_view field, char separator, Visit&& visit) {
  for (std::size_t position = 0;; ++position) {
    std::size_t const end = separator == '\0' ? field.npos : field.find(separator);
    if (!visit(field.substr(0, end), position) || end == field.npos) return;
    field.remove_prefix(end + 1);
  }
}

/// Names the whole of Unicode, rather than ASCII, of which utf8 is a mere superset.
bool names_unicode(std::string_view repetition) noexcept {
  BareName const name(repetition);
  std::string_view const bare = name.view();
  return bare.substr(0, 7) == "UNICODE" || bare.substr(0, 3) == "UTF" || bare == "ISOIR192";
}

/// UTF-16 or UTF-32 by byte order mark, or by the NUL bytes around a first ASCII character.
Charset sniff_wide(std::string_view text) noexcept {
  if (text.size() < 4) return Charset::unknown;
  auto const starts = [text](std::string_view mark) { return text.substr(0, mark.size()) == mark; };
  using namespace std::string_view_literals;
  if (starts("\xFF\xFE\0\0"sv) || starts("\0\0\xFE\xFF"sv)) return Charset::utf_32;
  if (starts("\xFF\xFE"sv) || starts("\xFE\xFF"sv)) return Charset::utf_16;
  if (starts("\0\0\0"sv)) return text[3] == '\0' ? Charset::unknown : Charset::utf_32;
  if (text.substr(1, 3) == "\0\0\0"sv) return Charset::utf_32;
  bool const pair = (text[0] == '\0') != (text[1] == '\0');
  bool const again =
      (text[2] == '\0') == (text[0] == '\0') && (text[3] == '\0') == (text[1] == '\0');
  return pair && again ? Charset::utf_16 : Charset::unknown;
}

bool has_jis_designation(std::string_view text) noexcept {
  for (std::size_t at = text.find('\x1B'); at != text.npos; at = text.find('\x1B', at + 1)) {
    std::string_view const designation = text.substr(at + 1, 2);
    if (designation == "$B" || designation == "$@") return true;
  }
  return false;
}

/// True if more sequences are valid UTF-8 than bytes are not: cut or damaged UTF-8, where text in
/// another set has a valid sequence at most by chance.
bool is_mostly_utf8(std::string_view text) noexcept {
  std::size_t valid = 0;
  std::size_t invalid = 0;
  while (true) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return valid > invalid;
    std::size_t const length = utf8_length(text);
    length != 0 ? ++valid : ++invalid;
    text.remove_prefix(length != 0 ? length : 1);
  }
}

bool has_long_sequence(std::string_view utf8_text) noexcept {
  for (char const c : utf8_text)
    if (static_cast<unsigned char>(c) >= 0xE0) return true;
  return false;
}

}  // namespace

std::string_view name(Charset charset) noexcept {
  switch (charset) {
    case Charset::utf8:
      return "utf-8";
    case Charset::windows_1252:
      return "windows-1252";
    case Charset::iso_8859_2:
      return "iso-8859-2";
    case Charset::iso_8859_3:
      return "iso-8859-3";
    case Charset::iso_8859_4:
      return "iso-8859-4";
    case Charset::iso_8859_5:
      return "iso-8859-5";
    case Charset::iso_8859_6:
      return "iso-8859-6";
    case Charset::iso_8859_7:
      return "iso-8859-7";
    case Charset::iso_8859_8:
      return "iso-8859-8";
    case Charset::iso_8859_9:
      return "iso-8859-9";
    case Charset::iso_8859_15:
      return "iso-8859-15";
    case Charset::jis_x_0201:
      return "jis-x-0201";
    case Charset::iso_2022_jp:
      return "iso-2022-jp";
    case Charset::shift_jis:
      return "shift-jis";
    case Charset::euc_jp:
      return "euc-jp";
    case Charset::gb_18030:
      return "gb18030";
    case Charset::euc_kr:
      return "euc-kr";
    case Charset::euc_tw:
      return "euc-tw";
    case Charset::big5:
      return "big5";
    case Charset::utf_16:
      return "utf-16";
    case Charset::utf_32:
      return "utf-32";
    case Charset::unknown:
      break;
  }
  return "unknown";
}

Charset charset_from_name(std::string_view name) noexcept {
  BareName const bare(name);
  if (bare.fits) {
    for (Alias const& alias : aliases)
      if (alias.name == bare.view()) return alias.charset;
  }
  return Charset::unknown;
}

Charset charset_of_message(std::string_view msh_18, char repetition_separator) noexcept {
  Charset found = Charset::utf8;
  for_each_repetition(msh_18, repetition_separator,
                      [&](std::string_view repetition, std::size_t position) {
                        Charset const named = charset_from_name(repetition);
                        if (found == Charset::jis_x_0201) {
                          if (named == Charset::iso_2022_jp) found = named;
                          return found == Charset::jis_x_0201;
                        }
                        if (named == Charset::unknown && position > 0) return true;
                        found = named;
                        return found == Charset::jis_x_0201 ||
                               (found == Charset::utf8 && !names_unicode(repetition));
                      });
  return found;
}

bool reads_as_utf8(std::string_view bytes, Charset charset) noexcept {
  switch (charset) {
    case Charset::utf8:
    case Charset::unknown:
      return is_utf8(bytes);
    case Charset::utf_16:
    case Charset::utf_32:
      return bytes.empty();
    case Charset::iso_2022_jp:
      return is_ascii(bytes) && bytes.find('\x1B') == bytes.npos;
    default:
      return is_ascii(bytes);
  }
}

bool needs_transcoding_before_scan(Charset charset) noexcept {
  switch (charset) {
    case Charset::iso_2022_jp:
    case Charset::shift_jis:
    case Charset::gb_18030:
    case Charset::euc_kr:  // CP949: trail bytes are letters too
    case Charset::big5:
    case Charset::utf_16:
    case Charset::utf_32:
      return true;
    default:
      return false;
  }
}

bool is_utf8(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

bool is_ascii(std::string_view text) noexcept { return ascii_prefix(text) == text.size(); }

Result<Charset> choose_charset(std::string_view text, std::string_view msh_18,
                               char repetition_separator, const CharsetPolicy& policy) noexcept {
  using Source = CharsetPolicy::Source;
  bool const refuse = policy.on_error == CharsetPolicy::OnError::error;
  if (policy.source == Source::fixed) return policy.fixed;
  Charset const wide = sniff_wide(text);
  if (wide != Charset::unknown && policy.source == Source::automatic) return wide;

  Charset declared = charset_of_message(msh_18, repetition_separator);
  if (declared == Charset::unknown && refuse) {
    std::less_equal<> const up_to;
    bool const inside = up_to(text.data(), msh_18.data()) &&
                        up_to(msh_18.data() + msh_18.size(), text.data() + text.size());
    return fail(ErrorCode::unknown_charset,
                inside ? static_cast<std::size_t>(msh_18.data() - text.data()) : 0);
  }
  bool const declared_wide = declared == Charset::utf_16 || declared == Charset::utf_32;
  if (declared_wide && wide != declared) declared = Charset::utf8;
  if (policy.source == Source::declared)
    return declared == Charset::unknown ? policy.fallback : declared;

  bool const undeclared = declared == Charset::utf8 || declared == Charset::unknown;
  if (is_ascii(text)) {
    if (!undeclared) return declared;
    return has_jis_designation(text) ? Charset::iso_2022_jp : Charset::utf8;
  }
  if (is_utf8(text)) {
    if (is_multibyte(declared) && !has_long_sequence(text)) return declared;
    if (declared == Charset::iso_2022_jp && has_jis_designation(text)) return declared;
    return Charset::utf8;
  }
  if (!undeclared) return declared;
  if (is_mostly_utf8(text) || (refuse && names_unicode(msh_18))) return Charset::utf8;
  return policy.fallback;
}

}  // namespace hl7flow
