#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <hl7flow/parsers/er7_index.h>
#include <hl7flow/parsers/path.h>
#include <hl7flow/parsers/simd/kernels.h>
#include <hl7flow/parsers/simd/short_match.h>

// Views over an indexed block: message, segment, field. Splitting reads up to 16 bytes past a
// value, so the text must be padded as TextBuffer's is; FieldViews over text of your own need
// simd::padding readable bytes behind it. They own nothing, allocate nothing, fit in
// registers, and are valid while the block's text and index are unchanged.
namespace hl7flow {

/// A field, a repetition, a component or a subcomponent: a piece of text and how to split it
/// further. Asking a shallower value for its first component gives the value itself (HL7 v2.9.1
/// 2.5.3: "A", "A^" and "A&" have the same first value); asking for a later one gives an empty one.
class FieldView {
 public:
  constexpr FieldView() = default;
  constexpr FieldView(std::string_view raw, const Delimiters& delimiters)
      : raw_(raw), delimiters_(delimiters) {}

  /// As sent (in UTF-8), escapes and all.
  constexpr std::string_view raw() const noexcept { return raw_; }
  /// False both for absent and for sent empty: HL7 gives them one meaning, "no information".
  constexpr bool has_text() const noexcept { return !raw_.empty(); }
  /// True for "" (two quotation marks), which means "delete what you hold".
  constexpr bool is_delete() const noexcept { return raw_ == "\"\""; }
  constexpr const Delimiters& delimiters() const noexcept { return delimiters_; }
  constexpr bool has_escape() const noexcept {
    return delimiters_.escape != '\0' && raw_.find(delimiters_.escape) != std::string_view::npos;
  }

  /// Parts, numbered from 1; beyond the last, an empty view.
  FieldView repetition(std::size_t number) const noexcept {
    return part(number, delimiters_.repetition, delimiters_.repetition);
  }
  FieldView component(std::size_t number) const noexcept {
    return part(number, delimiters_.component, delimiters_.repetition);
  }
  FieldView subcomponent(std::size_t number) const noexcept {
    return component(1).part(number, delimiters_.subcomponent, delimiters_.subcomponent);
  }
  std::size_t repetition_count() const noexcept;  // 0 for an empty field
  std::size_t component_count() const noexcept;   // of the first repetition if there are several
  std::size_t subcomponent_count() const noexcept;

 private:
  friend class SegmentView;
  struct Padded {};  // the text has simd::padding readable bytes behind it, as a TextBuffer's has
  constexpr FieldView(std::string_view raw, const Delimiters& delimiters, Padded)
      : raw_(raw), delimiters_(delimiters), padded_(true) {}

  /// Part `number`, between separators, before the first `end`. NUL (not declared) separates
  /// nothing.
  FieldView part(std::size_t number, char separator, char end) const noexcept {
    separator = separator == '\0' ? '\xff' : separator;  // 0xff is never in UTF-8
    end = end == '\0' ? '\xff' : end;
    FieldView found = *this;
    if (number == 0) found.raw_ = {};
    for (; number > 0; --number) {
      const char* const at = found.raw_.data();
      std::size_t const size = found.raw_.size();
      std::size_t const stop = padded_ ? simd::find_either(at, size, separator, end)
                                       : find_either_plainly(at, size, separator, end);
      if (number == 1) {
        found.raw_ = {at, stop};
      } else if (stop == size || at[stop] != separator) {
        found.raw_ = {};
        break;
      } else {
        found.raw_.remove_prefix(stop + 1);
      }
    }
    return found;
  }
  static std::size_t find_either_plainly(const char* text, std::size_t size, char a,
                                         char b) noexcept {
    for (std::size_t at = 0; at < size; ++at)
      if (text[at] == a || text[at] == b) return at;
    return size;
  }

  std::string_view raw_;
  Delimiters delimiters_;
  bool padded_ = false;
};

/// One segment.
class SegmentView {
 public:
  SegmentView(const char* text, const Er7Index& index, std::uint32_t segment,
              const Delimiters& delimiters)
      : text_(text), index_(&index), segment_(segment), delimiters_(&delimiters) {}

  std::string_view id() const noexcept {
    std::uint32_t const begin = index_->segment_begin[segment_];
    std::uint32_t const end = index_->mark[index_->segment_mark[segment_]];
    return {text_ + begin, end - begin < 3 ? end - begin : 3};
  }
  std::uint32_t packed_id() const noexcept { return index_->segment_id[segment_]; }
  /// Ordinal in the block.
  std::uint32_t ordinal() const noexcept { return segment_; }
  /// Without the terminator.
  std::string_view raw() const noexcept;
  /// How many fields are there; MSH-1 and MSH-2 count.
  std::size_t field_count() const noexcept;
  /// Field `number` from 1, as HL7 counts: MSH-1 is the field separator itself, MSH-2 the other
  /// delimiters. Beyond the last, or 0, an empty view.
  FieldView field(std::size_t number) const noexcept {
    if (is_header()) return header_field(number);
    std::uint32_t const first = index_->segment_mark[segment_];
    std::uint32_t const marks = index_->segment_mark[segment_ + 1] - first;
    return plain_field(first, marks, number);
  }

 private:
  bool is_header() const noexcept {
    std::uint32_t const id = packed_id();
    return id == simd::pack('M', 'S', 'H') || id == simd::pack('F', 'H', 'S') ||
           id == simd::pack('B', 'H', 'S');
  }
  FieldView plain_field(std::uint32_t first, std::uint32_t marks,
                        std::size_t number) const noexcept {
    if (number == 0 || number >= marks) return {{}, *delimiters_};
    std::uint32_t const begin = index_->mark[first + number - 1] + 1;
    return {
        {text_ + begin, index_->mark[first + number] - begin}, *delimiters_, FieldView::Padded{}};
  }
  FieldView header_field(std::size_t number) const noexcept;

  const char* text_;
  const Er7Index* index_;
  std::uint32_t segment_;
  const Delimiters* delimiters_;
};

/// One message of a block.
class MessageView {
 public:
  MessageView(const char* text, const Er7Index& index, std::size_t message)
      : text_(text), index_(&index), entry_(&index.messages[message]) {}

  const MessageEntry& entry() const noexcept { return *entry_; }
  const Delimiters& delimiters() const noexcept { return entry_->delimiters; }
  /// The bytes as received, segments and terminators.
  std::string_view raw() const noexcept {
    return {text_ + entry_->raw_begin, entry_->raw_end - entry_->raw_begin};
  }
  std::size_t segment_count() const noexcept { return entry_->segment_count; }
  /// Segment by position in the message, from 0.
  SegmentView segment(std::size_t position) const noexcept {
    return {text_, *index_, entry_->first_segment + static_cast<std::uint32_t>(position),
            entry_->delimiters};
  }
  /// The `occurrence`th segment (from 1) with this id, if there is one.
  std::optional<SegmentView> find(std::uint32_t packed_id,
                                  std::size_t occurrence = 1) const noexcept;

  /// What the path names; an empty view if it is not there. (*) means the first.
  FieldView at(const Path& path) const noexcept;

  /// Calls visit(FieldView, segment_ordinal, repetition) for each place that a path with (*) names.
  template <class Visit>
  void for_each(const Path& path, Visit&& visit) const;

 private:
  const char* text_;
  const Er7Index* index_;
  const MessageEntry* entry_;
};

/// What `path` names within one segment, the segment part of the path aside.
FieldView resolve(const SegmentView& segment, const Path& path) noexcept;
/// The same within one field repetition: component and subcomponent only.
FieldView resolve_component(const FieldView& repetition, const Path& path) noexcept;

/// One message with the memory for its index, for callers that have no batch: tests, tools,
/// plugins. Views are valid until the next parse(). Not thread-safe.
class Er7Parser {
 public:
  explicit Er7Parser(Er7Options options = {}) : options_(options) {}
  /// The first message of `text`. Errors: the message's own, or no_header if there is none.
  Result<MessageView> parse(std::string_view text);

 private:
  Er7Options options_;
  TextBuffer text_;
  Er7Index index_;
};

template <class Visit>
void MessageView::for_each(const Path& path, Visit&& visit) const {
  std::size_t occurrence = 0;
  for (std::size_t position = 0; position < segment_count(); ++position) {
    SegmentView const found = segment(position);
    if (found.packed_id() != path.segment) continue;
    ++occurrence;
    if (path.occurrence != Path::all && occurrence != path.occurrence) continue;
    if (path.repetition != Path::all || path.has_match()) {
      visit(resolve(found, path), found.ordinal(), std::size_t{1});
      continue;
    }
    FieldView const field = found.field(path.field);
    std::size_t const count = field.repetition_count();
    for (std::size_t number = 1; number <= count; ++number)
      visit(resolve_component(field.repetition(number), path), found.ordinal(), number);
  }
}

}  // namespace hl7flow
