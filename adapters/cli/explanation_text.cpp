// The picture of a message: a title, a line of who to whom, then segments in the boxes of their
// groups, one line a value. Names are dim, values are not: the eye reads down the values.

#include <fmt/format.h>

#include <algorithm>

#include <hl7flow/adapters/cli/explanation.h>
#include <hl7flow/adapters/cli/report.h>

namespace hl7flow::cli {
namespace {

constexpr std::size_t path_width = 16, name_width = 30, type_width = 6;
constexpr std::size_t value_max = 200;  // bytes shown of a long value

/// Characters, not bytes: UTF-8 continuation bytes do not count.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  std::size_t const used = width_of(text);
  if (used < width) out.append(width - used, ' ');
  return out;
}

/// At most `width` characters, the last an ellipsis if some are missing.
std::string shortened(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size(); ++at) {
    bool const begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
    if (begins && ++count == width) break;
  }
  return std::string(text.substr(0, at)) + "…";
}

class Printer {
 public:
  explicit Printer(const TextStyle& style) : style_(style) {}

  std::string print(const Explanation& e) {
    title(e);
    if (e.fault) {
      fault(*e.fault);
      return std::move(out_);
    }
    std::vector<std::string> open;
    for (SegmentPart const& segment : e.segments) {
      groups(segment.groups, open);
      print(segment, open.size());
    }
    return std::move(out_);
  }

 private:
  // Colours: bold for what names, cyan for paths, dim for explanation, yellow for oddities, red for
  // faults.
  std::string paint(const char* code, std::string_view text) const {
    if (!style_.colour || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }
  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string dim(std::string_view text) const { return paint("2", text); }
  std::string cyan(std::string_view text) const { return paint("36", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string red(std::string_view text) const { return paint("1;31", text); }

  void line(const std::string& text) {
    out_.append(text, 0, text.find_last_not_of(' ') + 1);
    out_ += '\n';
  }

  void title(const Explanation& e) {
    std::string text = bold(e.fault          ? "rejected message"
                            : e.type.empty() ? "message without a type"
                                             : e.type);
    if (!e.fault) {
      text += dim("  HL7 " + (e.version.empty() ? "(no version)" : e.version));
      if (e.facts_version != e.version) text += dim(fmt::format(", read as {}", e.facts_version));
      if (!e.structure.empty()) text += dim("  structure " + e.structure);
    }
    line(text);
    line(dim(fmt::format("{} message {}  line {}  bytes {} to {}  {}",
                         e.input == "-" ? "standard input" : e.input, e.number, grouped(e.line),
                         grouped(e.offset), grouped(e.offset + e.size), e.fault ? "" : e.charset)));
    if (e.fault) return;
    std::string way;
    if (!e.sender.empty()) way += "from " + e.sender;
    if (!e.receiver.empty()) way += (way.empty() ? "to " : " to ") + e.receiver;
    if (!e.sent_at.empty()) way += (way.empty() ? "sent " : ", sent ") + e.sent_at;
    if (!e.control_id.empty()) way += (way.empty() ? "id " : ", id ") + e.control_id;
    if (e.processing == "T") way += ", training";
    if (e.processing == "D") way += ", debugging";
    if (!way.empty()) line(dim(way));
    if (e.joined_lines > 0)
      line(yellow(fmt::format("{} lines without a segment identifier continue the segment before",
                              e.joined_lines)));
  }

  void fault(const Fault& fault) {
    line(red(std::string(name(fault.error.code))) + ": " + std::string(describe(fault.error.code)));
    line(fmt::format("  at byte {} of the input: line {}, byte {} of the line",
                     grouped(fault.offset), grouped(fault.line), grouped(fault.column)));
    // The line around the place, and a caret under it.
    std::size_t const at = static_cast<std::size_t>(fault.column - 1);
    std::size_t const from = at > 50 ? at - 40 : 0;
    std::string shown = fault.line_text.substr(std::min(from, fault.line_text.size()), 80);
    for (char& c : shown)
      if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' ||
          static_cast<unsigned char>(c) >= 0x80)
        c = '?';
    line("  " + dim(fmt::format("{:>6} | ", grouped(fault.line))) + (from > 0 ? "…" : "") + shown);
    line("  " + std::string(9 + (from > 0 ? 1 : 0) + at - from, ' ') + red("^"));
  }

  /// Closes and opens groups until `wanted` are open.
  void groups(const std::vector<std::string>& wanted, std::vector<std::string>& open) {
    std::size_t same = 0;
    while (same < open.size() && same < wanted.size() && open[same] == wanted[same]) ++same;
    open.resize(same);
    for (std::size_t k = same; k < wanted.size(); ++k) {
      line("");
      line(std::string(2 * k, ' ') + bold(wanted[k]));
      open.push_back(wanted[k]);
    }
  }

  void print(const SegmentPart& segment, std::size_t depth) {
    indent_ = 2 * depth;
    line("");
    std::string text = std::string(indent_, ' ') + bold(segment.path);
    if (!segment.name.empty()) text += "  " + std::string(segment.name);
    if (!segment.note.empty()) text += "  " + yellow("(" + segment.note + ")");
    line(text);
    for (Part const& part : segment.fields) print(part, 0, true);
    if (segment.missing.empty()) return;
    std::string list;
    for (std::string const& path : segment.missing) list += (list.empty() ? "" : ", ") + path;
    line(std::string(indent_ + 2, ' ') + yellow("required, but empty: " + list));
  }

  void print(const Part& part, std::size_t depth, bool field) {
    std::size_t const inset = 2 * depth;
    std::string text(indent_ + 2, ' ');
    text += cyan(padded(std::string(inset, ' ') + part.path, path_width)) + " ";
    std::string const given(part.name.empty() && field ? "(not defined)" : std::string(part.name));
    text += dim(padded(std::string(inset, ' ') + shortened(given, name_width - inset), name_width) +
                " " + padded(part.type, type_width));
    text += " ";
    std::size_t const column = indent_ + 2 + path_width + 1 + name_width + 1 + type_width + 1;
    if (part.parts.empty())
      value(text, part, column);
    else
      line(text + dim(part.note));
    for (Part const& inner : part.parts) print(inner, depth + 1, false);
  }

  void value(std::string text, const Part& part, std::size_t column) {
    std::string const whole = part.decoded ? *part.decoded : part.raw;
    bool const cut = !style_.full && whole.size() > value_max;
    std::string_view rest = whole;
    std::string head;
    if (cut) rest = head = shortened(rest, value_max);
    // Line breaks inside a value keep its column.
    for (;;) {
      std::size_t const at = rest.find('\n');
      text += printable(rest.substr(0, at));
      if (at == std::string_view::npos) break;
      line(text);
      text = std::string(column, ' ');
      rest.remove_prefix(at + 1);
    }
    if (cut) text += dim(fmt::format("  ({} bytes)", grouped(whole.size())));
    if (!part.note.empty()) text += "  " + dim(part.note);
    line(text);
    if (part.decoded && part.raw.size() <= value_max)
      line(std::string(column, ' ') + dim("sent as " + printable(part.raw)));
  }

  /// Control characters must not reach a terminal.
  static std::string printable(std::string_view text) {
    std::string out;
    for (char const c : text) {
      if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
        out += fmt::format("<{:02X}>", static_cast<unsigned>(static_cast<unsigned char>(c)));
      else
        out += c;
    }
    return out;
  }

  const TextStyle& style_;
  std::size_t indent_ = 0;
  std::string out_;
};

}  // namespace

std::string explanation_text(const Explanation& explanation, const TextStyle& style) {
  return Printer(style).print(explanation);
}

}  // namespace hl7flow::cli
