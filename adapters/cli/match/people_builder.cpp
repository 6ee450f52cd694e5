#include <hl7flow/adapters/cli/match/people_builder.h>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <span>

#include <hl7flow/adapters/cli/match/threads.h>
#include <hl7flow/adapters/cli/report.h>
#include <hl7flow/parsers/datetime.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::cli {
namespace {

using linkage::Role;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// How many texts are the same as one before them, by their hashes: for a note.
std::uint64_t count_repeated(std::span<const std::string> texts) {
  std::vector<std::size_t> hashes(texts.size());
  std::transform(texts.begin(), texts.end(), hashes.begin(), std::hash<std::string>());
  std::sort(hashes.begin(), hashes.end());
  auto const different = std::unique(hashes.begin(), hashes.end()) - hashes.begin();
  return texts.size() - static_cast<std::uint64_t>(different);
}

Result<Role, Failure> read_role(const std::string& wanted) {
  if (auto const role = linkage::role_named(wanted)) return *role;
  std::vector<std::string> const names = linkage::role_names();
  std::string all;
  for (std::string const& one : names) all += (all.empty() ? "" : ", ") + one;
  return fail(ErrorCode::usage, "there is no role \"" + wanted + '"' + nearest_name(wanted, names) +
                                    "; roles are " + all);
}

tl::unexpected<Failure> no_column(const std::string& path, const std::string& column,
                                  const std::vector<std::string>& names) {
  std::string why = path;
  why.append(" has no column \"").append(column).append("\"");
  return fail(ErrorCode::usage, why.append(nearest_name(column, names)));
}

// Of a record of which nobody knows when it was so; of one whose time is none.
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min(), no_time = never + 1;

/// A date or a time of HL7 (20240131101500) or ISO 8601 (2024-01-31T10:15:00Z), without a zone in
/// UTC.
std::optional<std::int64_t> micros_of(std::string_view text) {
  std::string plain;
  bool const is_iso = text.size() >= 10 && text[4] == '-' && text[7] == '-';
  for (std::size_t k = 0; k < text.size(); ++k) {
    char const c = text[k];
    bool const is_dash = is_iso && (k == 4 || k == 7);
    bool const is_gap = is_iso && (c == ':' || (k == 10 && (c == 'T' || c == ' ')));
    if (is_iso && c == 'Z' && k + 1 == text.size())
      plain += "+0000";
    else if (!is_dash && !is_gap)
      plain += c;
  }
  auto const time = parse_datetime(plain);
  if (!time) return std::nullopt;
  return to_epoch_micros(*time, 0);
}

bool is_name(std::optional<Role> role) {
  return role == Role::given_name || role == Role::family_name || role == Role::full_name;
}

/// What a list is that no reader takes, by the beginning of its first column's name; else empty.
std::string_view unreadable_form(const std::vector<std::string>& columns) {
  std::string_view const begin = columns.empty() ? std::string_view() : columns.front();
  if (begin.starts_with("\x1f\x8b")) return "compressed: unpack it first";
  if (begin.starts_with("\xff\xfe") || begin.starts_with("\xfe\xff"))
    return "UTF-16: convert it to UTF-8 first";
  return {};
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

Status PeopleBuilder::begin(const std::string& path, std::uint32_t source,
                            const std::vector<std::string>& columns) {
  source_ = source;
  first_ = people_.table.size();
  roles_.clear();
  id_.reset();
  truth_.reset();
  as_of_.reset();
  if (auto const why = unreadable_form(columns); !why.empty())
    return fail(ErrorCode::bad_config, path + " is " + std::string(why));
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (std::string const& one : columns) names.emplace_back(trimmed(one));
  for (auto const* list : {&options_.without, &options_.columns})
    for (std::string const& text : *list)
      if (std::string const column = text.substr(0, text.find('=')); !contains(names, column))
        return no_column(path, column, names);
  for (std::size_t k = 0; k < names.size(); ++k) {
    auto const role = role_of(names[k]);
    if (!role) return tl::unexpected<Failure>(role.error());
    if (is_id(names[k])) {
      id_ = k;
      people_.id_column = names[k];
    }
    if (!options_.truth.empty() && names[k] == options_.truth) truth_ = k;
    if (!options_.as_of.empty() && names[k] == options_.as_of) as_of_ = k;
    bool const twice =
        role->has_value() && std::find(roles_.begin(), roles_.end(), *role) != roles_.end();
    roles_.push_back(twice ? std::nullopt : *role);
    keep(names[k], roles_.back());
  }
  if (!options_.id.empty() && !id_) return no_column(path, options_.id, names);
  if (!options_.truth.empty() && !truth_) return no_column(path, options_.truth, names);
  if (!options_.as_of.empty() && !as_of_) return no_column(path, options_.as_of, names);
  if (std::none_of(roles_.begin(), roles_.end(),
                   [](auto const& one) { return one && *one != Role::suffix; }))
    return fail(ErrorCode::bad_config,
                path + " has no column that says something of a person; --column NAME=ROLE does");
  for (auto const& role : roles_)
    if (role) people_.table.add_column(*role);
  if (std::none_of(roles_.begin(), roles_.end(), is_name))
    note(path + " has no column that is known to be a name; --column NAME=family_name says which");
  return {};
}

PeopleBuilder::PeopleBuilder(const PeopleBuilder& whole, People& people)
    : options_(whole.options_),
      people_(people),
      threads_(1),
      source_(whole.source_),
      roles_(whole.roles_),
      id_(whole.id_),
      truth_(whole.truth_),
      as_of_(whole.as_of_) {
  if (options_.keeps_written) people_.table.keep_written();
  for (auto const& role : roles_)
    if (role) people_.table.add_column(*role);
}

void PeopleBuilder::add(const std::vector<std::string_view>& fields) {
  people_.table.add_record(source_);
  for (std::size_t k = 0; k < fields.size(); ++k)
    if (roles_[k]) people_.table.set(*roles_[k], trimmed(fields[k]));
  people_.ids.emplace_back(id_ ? trimmed(fields[*id_]) : std::string_view());
  if (truth_) people_.truth.push_back(people_.true_names.find_or_add(trimmed(fields[*truth_])));
  if (!as_of_) return;
  std::string_view const at = trimmed(fields[*as_of_]);
  people_.as_of.push_back(at.empty() ? never : micros_of(at).value_or(no_time));
}

void PeopleBuilder::append(const People& piece) {
  people_.table.append(piece.table, parallel_for(threads_));
  people_.ids.insert(people_.ids.end(), piece.ids.begin(), piece.ids.end());
  std::vector<std::uint32_t> names(piece.true_names.size());
  for (std::uint32_t k = 0; k < names.size(); ++k)
    names[k] = people_.true_names.find_or_add(piece.true_names.text(k));
  for (std::uint32_t const name : piece.truth) people_.truth.push_back(names[name]);
  people_.as_of.insert(people_.as_of.end(), piece.as_of.begin(), piece.as_of.end());
}

Status PeopleBuilder::end(const std::string& path) {
  people_.table.forget_spellings();
  if (people_.ids.size() == first_) note(path + " holds no records");
  // Records without a name of their own are named by the list and the row.
  for (std::size_t k = first_; k < people_.ids.size(); ++k)
    if (people_.ids[k].empty())
      people_.ids[k] = std::to_string(source_ + 1) + ":" + std::to_string(k - first_ + 1);
  for (std::size_t k = first_; k < people_.as_of.size(); ++k)
    if (people_.as_of[k] == no_time)
      return fail(ErrorCode::bad_config,
                  path + ", record " + std::to_string(k - first_ + 1) + ": column \"" +
                      options_.as_of +
                      "\" has no date such as 2024-01-31, 2024-01-31 10:15:00 or 20240131101500");
  std::uint64_t const repeated =
      id_ ? count_repeated(std::span<const std::string>(people_.ids).subspan(first_)) : 0;
  if (repeated > 0)
    note(fmt::format(
        "{} of {} with an id ({}) that an earlier one has: what is said of one may be "
        "of the other; --id names another column",
        repeated == 1 ? "1 record" : grouped(repeated) + " records", path, people_.id_column));
  return {};
}

bool PeopleBuilder::is_id(const std::string& column) const {
  if (!options_.id.empty()) return column == options_.id;
  return column == "id" || column == "rec_id" || column == "unique_id" || column == "record_id";
}

Result<std::optional<Role>, Failure> PeopleBuilder::role_of(const std::string& column) const {
  if (contains(options_.without, column) || column == options_.truth || column == options_.as_of)
    return std::optional<Role>();
  for (std::string const& text : options_.columns) {
    std::size_t const equals = text.find('=');
    if (text.substr(0, equals) != column) continue;
    auto const role = read_role(equals == std::string::npos ? "" : text.substr(equals + 1));
    if (!role) return tl::unexpected<Failure>(role.error());
    return std::optional<Role>(*role);
  }
  return linkage::role_of_column(column);
}

void PeopleBuilder::keep(const std::string& column, std::optional<Role> role) {
  auto const add_once = [](auto& list, auto value) {
    if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
  };
  if (role)
    add_once(people_.used, std::pair(column, *role));
  else
    add_once(people_.unused, column);
}

}  // namespace hl7flow::cli
