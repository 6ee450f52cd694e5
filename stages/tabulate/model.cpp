#include <hl7flow/stages/tabulate/model.h>

#include <algorithm>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::stages {

extern const std::string_view default_tables_toml;  // generated from default_tables.toml
extern const std::string_view mapped_columns_toml;  // generated from mapped_columns.toml

namespace {

Status read_type(const ConfigNode& node, ColumnType& out) {
  for (ColumnType const type : {ColumnType::text, ColumnType::int64, ColumnType::float64,
                                ColumnType::boolean, ColumnType::date, ColumnType::timestamp}) {
    if (node.scalar != name(type)) continue;
    out = type;
    return {};
  }
  return config_failure(
      node,
      "a column's type is text, int64, double, boolean, date or timestamp, not " + node.scalar);
}

Status read_builtin(std::string_view text, const ConfigNode& at, ColumnModel& column) {
  struct Row {
    std::string_view name;
    Builtin builtin;
    ColumnType type;
  };
  constexpr Row rows[] = {{"@message_id", Builtin::message_id, ColumnType::text},
                          {"@input", Builtin::input, ColumnType::text},
                          {"@offset", Builtin::offset, ColumnType::int64},
                          {"@size", Builtin::size, ColumnType::int64},
                          {"@segment", Builtin::segment, ColumnType::int64},
                          {"@charset", Builtin::charset, ColumnType::text},
                          {"@segment_count", Builtin::segment_count, ColumnType::int64},
                          {"@person_id", Builtin::person_id, ColumnType::text}};
  std::vector<std::string> names;
  for (Row const& row : rows) {
    names.emplace_back(row.name);
    if (row.name != text) continue;
    column.builtin = row.builtin;
    column.type = row.type;
    return {};
  }
  return config_failure(at,
                        "unknown built-in value " + std::string(text) + nearest_name(text, names));
}

Status read_mapped(const ConfigNode& node, Mapped& out) {
  constexpr std::string_view names[] = {
      "code", "system", "display",      "outcome",        "equivalence",
      "map",  "unit",   "unit_outcome", "unit_canonical", "value_canonical"};
  for (std::size_t k = 0; k < std::size(names); ++k) {
    if (node.scalar != names[k]) continue;
    out = static_cast<Mapped>(k + 1);
    return {};
  }
  return config_failure(
      node,
      "mapped is code, system, display, outcome, equivalence, map, unit, unit_outcome, "
      "unit_canonical or value_canonical, not " +
          node.scalar + nearest_name(node.scalar, {std::begin(names), std::end(names)}));
}

Status read_column(const ConfigNode& node, ColumnModel& column) {
  if (node.kind != ConfigNode::Kind::map)
    return config_failure(node, "a column is a map such as { name = \"sex\", path = \"PID-8\" }");
  for (auto const& [key, value] : node.entries) {
    Status ok;
    if (key == "name") {
      ok = read_value(value, column.name);
    } else if (key == "path") {
      std::vector<std::string> texts;
      ok = read_value(value, texts);
      for (std::size_t k = 0; ok && k < texts.size(); ++k) {
        column.description += (k == 0 ? "" : " or ") + texts[k];
        if (texts[k].starts_with('@')) {
          ok = read_builtin(texts[k], value, column);
          continue;
        }
        auto joined = read_joined_paths(texts[k], value);
        if (!joined) return tl::unexpected<Failure>(joined.error());
        column.paths.push_back(std::move(*joined));
      }
    } else if (key == "type") {
      ok = read_type(value, column.type);
    } else if (key == "when") {
      ok = read_conditions(value, column.when);
    } else if (key == "after") {
      ok = read_value(value, column.after);
    } else if (key == "mapped") {
      ok = read_mapped(value, column.mapped);
    } else if (key == "description") {
      ok = read_value(value, column.description);
    } else {
      return config_failure(value, "unknown key \"" + key + "\" of a column" +
                                       nearest_name(key, {"name", "path", "type", "when", "after",
                                                          "mapped", "description"}));
    }
    if (!ok) return ok;
  }
  if (column.name.empty()) return config_failure(node, "a column needs a name");
  if (column.mapped != Mapped::none) {
    if (column.type != ColumnType::text || column.builtin != Builtin::none)
      return config_failure(node,
                            "the column \"" + column.name + "\" is mapped, which says its type");
    if (column.mapped == Mapped::value_canonical) column.type = ColumnType::float64;
    for (auto const& joined : column.paths)
      if (Path const& path = joined.front();
          joined.size() > 1 || path.component != 0 || path.repetition != 1 || path.has_match())
        return config_failure(node, "the column \"" + column.name +
                                        "\" is mapped, so its path is a field such as OBX-3");
    column.description = std::string(node.find("mapped")->scalar) + " that map_codes found for " +
                         column.description;
  }
  if (column.paths.empty() && column.builtin == Builtin::none)
    return config_failure(node, "the column \"" + column.name + "\" needs a path");
  return {};
}

Status read_per(const ConfigNode& node, TableModel& table) {
  std::vector<std::string> texts;
  if (auto ok = read_value(node, texts); !ok) return ok;
  for (std::string const& text : texts) {
    if (text == "message") continue;
    auto const path = Path::parse(text + "-1");
    if (!path || text.size() != 3)
      return config_failure(node, "per is message or a segment such as OBX, not " + text);
    table.per.push_back(path->segment);
  }
  return {};
}

Status add_column(const ConfigNode& node, TableModel& table) {
  ColumnModel column;
  if (auto ok = read_column(node, column); !ok) return ok;
  for (ColumnModel const& known : table.columns)
    if (known.name == column.name)
      return config_failure(
          node, "the table \"" + table.name + "\" has a column \"" + column.name + "\" already");
  table.columns.push_back(std::move(column));
  return {};
}

Status read_table(const ConfigNode& node, std::vector<TableModel>& tables) {
  if (node.kind != ConfigNode::Kind::map) return config_failure(node, "a table is a map");
  TableModel table;
  bool extend = false;
  const ConfigNode* columns = nullptr;
  for (auto const& [key, value] : node.entries) {
    Status ok;
    if (key == "name")
      ok = read_value(value, table.name);
    else if (key == "per")
      ok = read_per(value, table);
    else if (key == "when")
      ok = read_conditions(value, table.when);
    else if (key == "extend")
      ok = read_value(value, extend);
    else if (key == "columns")
      columns = &value;
    else
      return config_failure(value,
                            "unknown key \"" + key + "\" of a table" +
                                nearest_name(key, {"name", "per", "when", "extend", "columns"}));
    if (!ok) return ok;
  }
  if (table.name.empty()) return config_failure(node, "a table needs a name");
  if (is_own_table(table.name))
    return config_failure(
        node, "the table \"" + table.name + "\" is made by the program; choose another name");
  auto const known = std::find_if(tables.begin(), tables.end(), [&](TableModel const& other) {
    return other.name == table.name;
  });
  if (extend && known == tables.end()) {
    std::vector<std::string> names;
    names.reserve(tables.size());
    for (TableModel const& other : tables) names.push_back(other.name);
    return config_failure(node, "there is no table \"" + table.name + "\" to extend" +
                                    nearest_name(table.name, names));
  }
  if (columns == nullptr || columns->kind != ConfigNode::Kind::list)
    return config_failure(node, "the table \"" + table.name + "\" needs a list of columns");
  TableModel& target = extend ? *known : table;
  for (ConfigNode const& column : columns->items)
    if (auto ok = add_column(column, target); !ok) return ok;
  if (extend) return {};
  if (known != tables.end())
    *known = std::move(table);
  else
    tables.push_back(std::move(table));
  return {};
}

}  // namespace

bool is_own_table(std::string_view name) noexcept {
  return name == "rejects" || name == "duplicates" || name == "person_links" ||
         name == "person_reviews" || name == "repeated_orders";
}

Status read_tables(const ConfigNode& root, std::vector<TableModel>& tables) {
  const ConfigNode* list = root.find("table");
  if (list == nullptr) list = root.find("tables");
  if (list == nullptr) return {};
  if (list->kind != ConfigNode::Kind::list) return config_failure(*list, "tables are a list");
  for (ConfigNode const& table : list->items)
    if (auto ok = read_table(table, tables); !ok) return ok;
  return {};
}

Status add_mapped_columns(std::vector<TableModel>& tables) {
  auto const root = parse_toml(mapped_columns_toml, "mapped_columns.toml");
  if (!root) return tl::unexpected<Failure>(root.error());
  return read_tables(*root, tables);
}

void add_person_columns(std::vector<TableModel>& tables) {
  for (TableModel& table : tables) {
    bool const has_patient =
        table.name == "messages" ||
        std::any_of(table.columns.begin(), table.columns.end(),
                    [](ColumnModel const& column) { return column.name == "patient_id"; });
    if (!has_patient) continue;
    ColumnModel& column = table.columns.emplace_back();
    column.name = "person_id";
    column.builtin = Builtin::person_id;
    column.description = "@person_id";
  }
}

Result<std::vector<TableModel>, Failure> default_tables() {
  auto const root = parse_toml(default_tables_toml, "default_tables.toml");
  if (!root) return tl::unexpected<Failure>(root.error());
  std::vector<TableModel> tables;
  if (auto ok = read_tables(*root, tables); !ok) return tl::unexpected<Failure>(ok.error());
  return tables;
}

}  // namespace hl7flow::stages
