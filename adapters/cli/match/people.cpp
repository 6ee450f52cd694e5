#include <hl7flow/adapters/cli/match/people.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

#include <hl7flow/parsers/codes/delimited.h>
#include <hl7flow/pipeline/config.h>

namespace hl7flow::cli {
namespace {

using linkage::Role;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Result<Role, Failure> role_named(const std::string& wanted) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < linkage::role_count; ++k) {
    names.emplace_back(name(static_cast<Role>(k)));
    if (names.back() == wanted) return static_cast<Role>(k);
  }
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

/// What the columns of one file are.
struct Layout {
  std::vector<std::optional<Role>> roles;
  std::optional<std::size_t> id, truth;
};

class Reader {
 public:
  Reader(const PeopleOptions& options, People& people) : options_(options), people_(people) {}

  Status read(const std::string& path, std::uint32_t source) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::not_found, "cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    std::string const bytes = text.str();
    codes::DelimitedReader rows(bytes);
    if (!rows.next()) return fail(ErrorCode::bad_config, path + " is empty");
    auto layout = lay_out(path, rows.fields());
    if (!layout) return tl::unexpected<Failure>(layout.error());
    std::uint64_t row = 0;
    while (rows.next()) {
      ++row;
      if (rows.is_bad() || rows.fields().size() != layout->roles.size())
        return fail(ErrorCode::bad_config,
                    path + ", line " + std::to_string(rows.line()) + ": " +
                        std::to_string(rows.fields().size()) + " fields where the header has " +
                        std::to_string(layout->roles.size()) + ", or a quote that is not closed");
      add(*layout, rows.fields(), source, row);
    }
    return {};
  }

 private:
  Result<Layout, Failure> lay_out(const std::string& path,
                                  const std::vector<std::string_view>& header) {
    Layout layout;
    std::vector<std::string> names;
    names.reserve(header.size());
    for (std::string_view const one : header) names.emplace_back(trimmed(one));
    for (auto const* list : {&options_.without, &options_.columns})
      for (std::string const& text : *list) {
        std::string const column = text.substr(0, text.find('='));
        if (std::find(names.begin(), names.end(), column) == names.end())
          return no_column(path, column, names);
      }
    for (std::size_t k = 0; k < names.size(); ++k) {
      auto const role = role_of(names[k]);
      if (!role) return tl::unexpected<Failure>(role.error());
      bool const is_id = options_.id.empty()
                             ? names[k] == "id" || names[k] == "rec_id" ||
                                   names[k] == "unique_id" || names[k] == "record_id"
                             : names[k] == options_.id;
      if (is_id) {
        layout.id = k;
        people_.id_column = names[k];
      }
      if (!options_.truth.empty() && names[k] == options_.truth) layout.truth = k;
      bool const twice = role->has_value() && std::find(layout.roles.begin(), layout.roles.end(),
                                                        *role) != layout.roles.end();
      layout.roles.push_back(twice ? std::nullopt : *role);
      note(names[k], layout.roles.back());
    }
    if (!options_.id.empty() && !layout.id) return no_column(path, options_.id, names);
    if (!options_.truth.empty() && !layout.truth) return no_column(path, options_.truth, names);
    if (std::none_of(layout.roles.begin(), layout.roles.end(), [](auto const& one) { return one; }))
      return fail(ErrorCode::bad_config,
                  path + " has no column that says something of a person; --column NAME=ROLE does");
    for (auto const& role : layout.roles)
      if (role) people_.table.add_column(*role);
    return layout;
  }

  Result<std::optional<Role>, Failure> role_of(const std::string& column) const {
    if (std::find(options_.without.begin(), options_.without.end(), column) !=
            options_.without.end() ||
        column == options_.truth)
      return std::optional<Role>();
    for (std::string const& text : options_.columns) {
      std::size_t const equals = text.find('=');
      if (text.substr(0, equals) != column) continue;
      auto const role = role_named(equals == std::string::npos ? "" : text.substr(equals + 1));
      if (!role) return tl::unexpected<Failure>(role.error());
      return std::optional<Role>(*role);
    }
    return linkage::role_of_column(column);
  }

  void note(const std::string& column, std::optional<Role> role) {
    auto const add_once = [](auto& list, auto value) {
      if (std::find(list.begin(), list.end(), value) == list.end())
        list.push_back(std::move(value));
    };
    if (role)
      add_once(people_.used, std::pair(column, *role));
    else
      add_once(people_.unused, column);
  }

  void add(const Layout& layout, const std::vector<std::string_view>& fields, std::uint32_t source,
           std::uint64_t row) {
    people_.table.add_record(source);
    for (std::size_t k = 0; k < fields.size(); ++k)
      if (layout.roles[k]) people_.table.set(*layout.roles[k], trimmed(fields[k]));
    people_.ids.push_back(layout.id ? std::string(trimmed(fields[*layout.id]))
                                    : std::to_string(source + 1) + ":" + std::to_string(row));
    if (layout.truth) people_.truth.emplace_back(trimmed(fields[*layout.truth]));
  }

  const PeopleOptions& options_;
  People& people_;
};

}  // namespace

Result<People, Failure> read_people(const std::vector<std::string>& files,
                                    const PeopleOptions& options) {
  People people;
  Reader reader(options, people);
  for (std::size_t k = 0; k < files.size(); ++k)
    if (auto done = reader.read(files[k], static_cast<std::uint32_t>(k)); !done)
      return tl::unexpected<Failure>(done.error());
  if (people.table.size() < 2)
    return fail(ErrorCode::bad_config, "there are less than two records to compare");
  return people;
}

}  // namespace hl7flow::cli
