#include <hl7flow/stages/dedupe/feeds.h>

#include <algorithm>

#include <hl7flow/parsers/path.h>

namespace hl7flow::stages {

namespace {

Result<bool, Failure> is_drop(std::string_view option, std::string_view text) {
  if (text == "drop") return true;
  if (text == "pass") return false;
  return fail(ErrorCode::bad_option,
              std::string(option) + " must be drop or pass, not " + std::string(text));
}

Status read_ignored(const std::vector<std::string>& texts, std::vector<VolatileField>& out) {
  for (std::string const& text : texts) {
    auto const path = Path::parse(text);
    if (!path || path->field == 0 || path->component != 0 || path->has_match())
      return fail(ErrorCode::bad_option, "ignore takes whole fields such as ZPD-4, not " + text);
    out.push_back({path->segment, path->field});
  }
  return {};
}

/// Replaces what `out` was.
Status read_identity(const std::vector<std::string>& texts, MessageIdentity& out) {
  std::vector<MessageIdentity::Part> parts;
  for (std::string const& text : texts) {
    MessageIdentity::Part part;
    part.is_source = text == "source";
    auto const path = Path::parse(text);
    bool const names_one =
        path && path->field != 0 && path->occurrence != Path::all && path->repetition != Path::all;
    if (!part.is_source && !names_one)
      return fail(ErrorCode::bad_option,
                  "identity takes places such as MSH-10 or PID-3.1, and the word source, not " +
                      text + nearest_name(text, {"source", "MSH-3", "MSH-4", "MSH-10"}));
    if (!part.is_source) part.path = *path;
    parts.push_back(part);
  }
  if (std::none_of(parts.begin(), parts.end(), MessageIdentity::is_telling))
    return fail(ErrorCode::bad_option,
                "identity needs a place that tells a sender's messages apart, such as MSH-10");
  out = MessageIdentity(std::move(parts));
  return {};
}

void append_words(std::string& out, const ConfigNode& node) {
  if (node.kind == ConfigNode::Kind::scalar) out.append(1, ' ').append(node.scalar);
  for (ConfigNode const& item : node.items) append_words(out, item);
}

Status read_feed(const ConfigNode& node, Feeds::Policy& policy, std::vector<Condition>& where) {
  if (node.kind != ConfigNode::Kind::map)
    return config_failure(node, "a feed is a map such as { where: …, duplicate_send: drop }");
  for (auto const& [key, value] : node.entries) {
    Status ok;
    std::string text;
    std::vector<std::string> texts;
    if (key == "where") {
      ok = read_conditions(value, where);
    } else if (key == "resend" || key == "duplicate_send") {
      ok = read_value(value, text);
      if (!ok) return ok;
      auto const drop = is_drop(key, text);
      if (!drop) return tl::unexpected<Failure>(drop.error());
      (key == "resend" ? policy.drop_resends : policy.drop_duplicate_sends) = *drop;
    } else if (key == "ignore") {
      ok = read_value(value, texts);
      if (ok) ok = read_ignored(texts, policy.ignored);
    } else if (key == "identity") {
      ok = read_value(value, texts);
      if (ok) ok = read_identity(texts, policy.identity);
    } else {
      return config_failure(value, "unknown key \"" + key + "\" of a feed" +
                                       nearest_name(key, {"where", "resend", "duplicate_send",
                                                          "ignore", "identity"}));
    }
    if (!ok) return ok;
  }
  if (where.empty()) return config_failure(node, "a feed needs conditions: where");
  return {};
}

}  // namespace

Result<Feeds, Failure> Feeds::make(const Words& words) {
  Feeds made;
  Policy all;
  auto const resends = is_drop("resend", words.resend);
  if (!resends) return tl::unexpected<Failure>(resends.error());
  auto const sends = is_drop("duplicate_send", words.duplicate_send);
  if (!sends) return tl::unexpected<Failure>(sends.error());
  all.drop_resends = *resends;
  all.drop_duplicate_sends = *sends;
  if (auto ok = read_ignored(words.ignore, all.ignored); !ok)
    return tl::unexpected<Failure>(ok.error());
  if (auto ok = read_identity(words.identity, all.identity); !ok)
    return tl::unexpected<Failure>(ok.error());
  made.words_ = "identity";
  for (std::string const& one : words.identity) made.words_.append(1, ' ').append(one);
  made.words_.append("; ignore");
  for (std::string const& one : words.ignore) made.words_.append(1, ' ').append(one);
  made.policies_.push_back(all);
  ConfigNode const& feeds = words.feeds;
  if (feeds.kind == ConfigNode::Kind::empty) return made;
  if (feeds.kind != ConfigNode::Kind::list) return config_failure(feeds, "feeds are a list");
  for (ConfigNode const& node : feeds.items) {
    Policy policy = all;
    std::vector<Condition> where;
    if (auto ok = read_feed(node, policy, where); !ok) return tl::unexpected<Failure>(ok.error());
    made.policies_.push_back(std::move(policy));
    made.where_.push_back(std::move(where));
    for (const char* const key : {"where", "identity", "ignore"}) {
      const ConfigNode* const value = node.find(key);
      if (value == nullptr) continue;
      append_words(made.words_.append("; ").append(key), *value);
    }
  }
  return made;
}

std::uint32_t Feeds::of(const MessageView& message) const {
  for (std::size_t k = 0; k < where_.size(); ++k)
    if (holds(where_[k], message)) return static_cast<std::uint32_t>(k + 1);
  return 0;
}

std::vector<Fingerprinter> Feeds::fingerprinters() const {
  std::vector<Fingerprinter> made;
  for (Policy const& policy : policies_) made.emplace_back(policy.ignored, policy.identity);
  return made;
}

}  // namespace hl7flow::stages
