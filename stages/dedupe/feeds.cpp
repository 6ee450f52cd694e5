#include <hl7flow/stages/dedupe/feeds.h>

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
    } else {
      return config_failure(value,
                            "unknown key \"" + key + "\" of a feed" +
                                nearest_name(key, {"where", "resend", "duplicate_send", "ignore"}));
    }
    if (!ok) return ok;
  }
  if (where.empty()) return config_failure(node, "a feed needs conditions: where");
  return {};
}

}  // namespace

Result<Feeds, Failure> Feeds::make(const std::string& resend, const std::string& duplicate_send,
                                   const std::vector<std::string>& ignore,
                                   const ConfigNode& feeds) {
  Feeds made;
  Policy all;
  auto const resends = is_drop("resend", resend);
  if (!resends) return tl::unexpected<Failure>(resends.error());
  auto const sends = is_drop("duplicate_send", duplicate_send);
  if (!sends) return tl::unexpected<Failure>(sends.error());
  all.drop_resends = *resends;
  all.drop_duplicate_sends = *sends;
  if (auto ok = read_ignored(ignore, all.ignored); !ok) return tl::unexpected<Failure>(ok.error());
  made.policies_.push_back(all);
  if (feeds.kind == ConfigNode::Kind::empty) return made;
  if (feeds.kind != ConfigNode::Kind::list) return config_failure(feeds, "feeds are a list");
  for (ConfigNode const& node : feeds.items) {
    Policy policy = all;
    std::vector<Condition> where;
    if (auto ok = read_feed(node, policy, where); !ok) return tl::unexpected<Failure>(ok.error());
    made.policies_.push_back(std::move(policy));
    made.where_.push_back(std::move(where));
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
  for (Policy const& policy : policies_) made.emplace_back(policy.ignored);
  return made;
}

}  // namespace hl7flow::stages
