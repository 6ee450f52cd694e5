#include <hl7flow/parsers/delimiters.h>

namespace hl7flow {

Result<Delimiters> read_delimiters(std::string_view text) noexcept {
  if (text.size() < 5) return fail(ErrorCode::header_truncated, text.size());
  Delimiters found{text[3], '\0', '\0', '\0', '\0', '\0'};
  if (!may_delimit(found.field)) return fail(ErrorCode::bad_delimiters, 3);
  char* const slots[] = {&found.component, &found.repetition, &found.escape, &found.subcomponent,
                         &found.truncation};
  std::size_t at = 4;
  for (char* slot : slots) {
    // A backslash that an export has escaped (^~\\&) is still one: nothing else can be meant.
    if (slot == &found.subcomponent && found.escape == '\\' && at < text.size() && text[at] == '\\')
      ++at;
    if (at == text.size() || text[at] == found.field || text[at] == '\r' || text[at] == '\n') break;
    if (!may_delimit(text[at])) return fail(ErrorCode::bad_delimiters, at);
    for (std::size_t earlier = 4; earlier < at; ++earlier)
      if (text[earlier] == text[at]) return fail(ErrorCode::bad_delimiters, at);
    *slot = text[at++];
  }
  if (at == 4) {
    bool const cut = at == text.size() || text[at] == '\r' || text[at] == '\n';
    return fail(cut ? ErrorCode::header_truncated : ErrorCode::bad_delimiters, at);
  }
  bool const ended =
      at == text.size() || text[at] == found.field || text[at] == '\r' || text[at] == '\n';
  if (!ended) return fail(ErrorCode::bad_delimiters, at);
  return found;
}

}  // namespace hl7flow
