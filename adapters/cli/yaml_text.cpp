// A description written as YAML: block style, scalars quoted where YAML would read another thing.

#include <hl7flow/adapters/cli/job.h>
#include <hl7flow/pipeline/json.h>

namespace hl7flow::cli {
namespace {

bool is_plain(std::string_view text) {
  if (text.empty() || text == "-" || text.front() == ' ' || text.back() == ' ') return false;
  constexpr std::string_view begins_other = "-?:,[]{}#&*!|>'\"%@`~";
  if (begins_other.find(text.front()) != std::string_view::npos) return false;
  if (text == "null" || text == "true" || text == "false") return false;
  for (char const c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == ',' || c == '[' || c == ']' || c == '{' ||
        c == '}')
      return false;
  return text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos &&
         text.back() != ':';
}

/// true and false stay as they are: scalars are text, and components read them as they need.
void append_scalar(std::string& out, std::string_view text) {
  if (is_plain(text) || text == "true" || text == "false")
    out += text;
  else
    append_json_string(out, text);
}

void append_node(std::string& out, const ConfigNode& node, std::size_t indent);

void append_entries(std::string& out, const ConfigNode& map, std::size_t indent,
                    bool first_inline) {
  bool first = first_inline;
  for (auto const& [key, value] : map.entries) {
    if (!first) out.append(indent, ' ');
    first = false;
    append_scalar(out, key);
    out += ':';
    append_node(out, value, indent);
  }
}

void append_items(std::string& out, const ConfigNode& list, std::size_t indent) {
  for (ConfigNode const& item : list.items) {
    out.append(indent, ' ');
    out += '-';
    if (item.kind == ConfigNode::Kind::map && !item.entries.empty()) {
      out += ' ';
      append_entries(out, item, indent + 2, true);
    } else {
      append_node(out, item, indent);
    }
  }
}

/// What follows a key or a dash, to the end of its lines.
void append_node(std::string& out, const ConfigNode& node, std::size_t indent) {
  switch (node.kind) {
    case ConfigNode::Kind::empty:
      out += '\n';
      break;
    case ConfigNode::Kind::scalar:
      out += ' ';
      append_scalar(out, node.scalar);
      out += '\n';
      break;
    case ConfigNode::Kind::list:
      out += node.items.empty() ? " []\n" : "\n";
      append_items(out, node, indent + 2);
      break;
    case ConfigNode::Kind::map:
      out += node.entries.empty() ? " {}\n" : "\n";
      append_entries(out, node, indent + 2, false);
      break;
  }
}

}  // namespace

std::string yaml_text(const ConfigNode& description) {
  std::string out;
  append_entries(out, description, 0, false);
  return out;
}

}  // namespace hl7flow::cli
