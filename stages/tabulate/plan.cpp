#include <hl7flow/stages/tabulate/plan.h>

#include <hl7flow/parsers/simd/kernels.h>

namespace hl7flow::stages {
namespace {

constexpr std::uint32_t msh = simd::pack('M', 'S', 'H');

class Compiler {
 public:
  explicit Compiler(Plan& plan) : plan_(plan) { plan_.registers.add(msh); }

  Status add(const TableModel& model) {
    CompiledTable table;
    table.output = static_cast<std::uint16_t>(plan_.schemas.size());
    table.per_message = model.per.empty();
    TableSchema schema{model.name, {}};
    for (std::uint32_t const segment : model.per) {
      std::uint8_t const number = plan_.registers.add(segment);
      if (number == no_register) return too_many();
      table.own_segments |= std::uint64_t{1} << number;
    }
    for (Condition const& condition : model.when)
      if (auto ok = add_condition(condition, table, table.row_conditions); !ok) return ok;
    for (ColumnModel const& column : model.columns)
      if (auto ok = add_column(column, table, schema); !ok) return ok;
    auto const ordinal = static_cast<std::uint16_t>(plan_.tables.size());
    if (table.per_message) plan_.message_tables.push_back(ordinal);
    plan_.tables_of.resize(register_count_max);
    for (std::size_t number = 0; number < register_count_max; ++number)
      if ((table.own_segments >> number & 1) != 0) plan_.tables_of[number].push_back(ordinal);
    plan_.tables.push_back(std::move(table));
    plan_.schemas.push_back(std::move(schema));
    return {};
  }

  void add_rejects() {
    plan_.rejects = static_cast<std::uint16_t>(plan_.schemas.size());
    plan_.schemas.push_back(
        {"rejects",
         {{"message_id", ColumnType::text, "hash of the bytes"},
          {"input", ColumnType::text, "the file's name"},
          {"offset", ColumnType::int64, "of the message's first byte in the input"},
          {"size", ColumnType::int64, "bytes of the message"},
          {"code", ColumnType::text, "a code of docs/errors.md"},
          {"reason", ColumnType::text, "the code's sentence"},
          {"position", ColumnType::int64, "of the fault, in bytes from the message's first"},
          {"raw", ColumnType::binary, "the message's bytes as received"}}});
  }

 private:
  static Status too_many() {
    return fail(
        ErrorCode::bad_config,
        "the tables name more than " + std::to_string(register_count_max) + " different segments");
  }

  Status add_place(const Path& path, bool after, std::uint64_t own, Place& place) {
    place.segment = plan_.registers.add(path.segment);
    if (place.segment == no_register) return too_many();
    place.after = after && (own >> place.segment & 1) == 0;
    place.field = path.segment == msh && path.field > 0 ? static_cast<std::uint16_t>(path.field - 1)
                                                        : path.field;
    place.component = path.component;
    place.subcomponent = path.subcomponent;
    place.path = path;
    place.simple = path.repetition == 1 && !path.has_match() && path.field > 0 &&
                   !(path.segment == msh && path.field < 3);
    return {};
  }

  Status add_condition(const Condition& condition, CompiledTable& table,
                       std::vector<std::uint16_t>& out) {
    CompiledCondition compiled;
    if (auto ok = add_place(condition.path, false, table.own_segments, compiled.place); !ok)
      return ok;
    compiled.negated = condition.negated;
    compiled.values = condition.values;
    for (std::size_t k = 0; k < table.conditions.size(); ++k) {
      CompiledCondition const& known = table.conditions[k];
      if (known.place.path != compiled.place.path || known.negated != compiled.negated ||
          known.values != compiled.values)
        continue;
      out.push_back(static_cast<std::uint16_t>(k));
      return {};
    }
    out.push_back(static_cast<std::uint16_t>(table.conditions.size()));
    table.conditions.push_back(std::move(compiled));
    return {};
  }

  Status add_column(const ColumnModel& model, CompiledTable& table, TableSchema& schema) {
    CompiledColumn column;
    column.type = model.type;
    column.builtin = model.builtin;
    for (Path const& path : model.paths) {
      if (path.repetition == Path::all) column.all_repetitions = true;
      if (path.repetition == Path::all && (path.component != 0 || model.type != ColumnType::text))
        return fail(ErrorCode::bad_config, "the column \"" + model.name + "\" of table \"" +
                                               schema.name +
                                               "\": (*) is for whole fields in text columns");
      Place place;
      if (auto ok = add_place(path, model.after, table.own_segments, place); !ok) return ok;
      if (place.after) table.followers |= std::uint64_t{1} << place.segment;
      column.places.push_back(place);
    }
    for (Condition const& condition : model.when)
      if (auto ok = add_condition(condition, table, column.conditions); !ok) return ok;
    column.output = static_cast<std::uint16_t>(schema.columns.size());
    schema.columns.push_back({model.name, model.type, model.description});
    bool const typed = model.type != ColumnType::text && model.builtin == Builtin::none;
    if (typed) {
      column.text_output = static_cast<std::uint16_t>(schema.columns.size());
      schema.columns.push_back({model.name + "_text", ColumnType::text,
                                "the text of " + model.name + " where the type does not hold it"});
    }
    table.columns.push_back(std::move(column));
    return {};
  }

  Plan& plan_;
};

}  // namespace

std::uint8_t Registers::add(std::uint32_t packed_id) {
  std::uint8_t const known = find(packed_id);
  if (known != no_register) return known;
  if (ids_.size() == register_count_max) return no_register;
  std::size_t slot = hash(packed_id);
  while (slots_[slot].number != no_register) slot = (slot + 1) % slots_.size();
  slots_[slot] = {packed_id, static_cast<std::uint8_t>(ids_.size())};
  ids_.push_back(packed_id);
  return slots_[slot].number;
}

Result<std::unique_ptr<Plan>, Failure> compile(const std::vector<TableModel>& tables) {
  auto plan = std::make_unique<Plan>();
  Compiler compiler(*plan);
  for (TableModel const& table : tables)
    if (auto ok = compiler.add(table); !ok) return tl::unexpected<Failure>(ok.error());
  plan->tables_of.resize(register_count_max);
  compiler.add_rejects();
  return plan;
}

}  // namespace hl7flow::stages
