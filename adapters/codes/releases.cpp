#include <hl7flow/adapters/codes/releases.h>

#include <algorithm>

#include <hl7flow/adapters/codes/loaders.h>
#include <hl7flow/parsers/codes/code_csv.h>
#include <hl7flow/pipeline/part_file.h>

namespace hl7flow::adapters {

namespace fs = std::filesystem;

namespace {

constexpr ReleaseFormat formats[] = {
    {"loinc", "LOINC: Loinc.csv, MapTo.csv", load_loinc},
    {"icd10cm", "ICD-10-CM: order file (icd10cm_order_YYYY.txt), tabular XML", load_icd10cm},
    {"icd10pcs", "ICD-10-PCS: order file (icd10pcs_order_YYYY.txt)", load_icd10pcs},
    {"icd9", "ICD-9-CM: CMS long and short titles (CMS32_DESC_LONG_DX.txt, …_SG.txt)", load_icd9},
    {"hcpcs", "HCPCS level II: CMS record layout or CSV", load_hcpcs},
    {"cpt", "CPT of the AMA: LONGULT.txt or CSV (licensed; never shipped)", load_cpt},
    {"rxnorm", "RxNorm RRF: RXNCONSO, RXNREL, RXNSAT, RXNCUI, RXNATOMARCHIVE", load_rxnorm},
    {"ndc", "NDC directory of the FDA: product.txt, package.txt", load_ndc},
    {"snomed", "SNOMED CT RF2: snapshot folder, with its map reference sets (licensed)",
     load_snomed},
    {"cvx", "CVX of the CDC: cvx.txt or CSV", load_cvx},
    {"mvx", "MVX of the CDC: mvx.txt or CSV", load_mvx},
    {"fhir", "FHIR R4 and R5 JSON: CodeSystem, ValueSet, ConceptMap, Bundle", load_fhir},
    {"omop", "OMOP vocabularies: CONCEPT.csv, CONCEPT_RELATIONSHIP.csv", load_omop},
    {"gems", "General equivalence mappings: 2018_I9gem.txt, 2018_I10gem.txt", load_gems},
    {"livd", "LIVD: an instrument's tests to LOINC, as CSV", load_livd},
    {"ucum", "UCUM: ucum-essence.xml of ucum.org", load_ucum},
    {"csv", "Your own codes and maps: see docs/tasks/map-codes.md", load_site_csv},
};

}  // namespace

std::span<const ReleaseFormat> release_formats() { return formats; }

const ReleaseFormat* find_release_format(std::string_view name) {
  for (ReleaseFormat const& format : formats)
    if (format.name == name) return &format;
  return nullptr;
}

Result<std::vector<codes::LoadReport>, Failure> build_code_store(
    std::vector<ReleaseRequest> requests, const fs::path& out, std::string_view name,
    std::string_view version, bool starter, bool overwrite, const Release::Progress& progress) {
  if (!overwrite && fs::exists(out))
    return fail(ErrorCode::exists, out.string() + " exists already (--overwrite replaces it)");
  codes::StoreBuilder builder;
  codes::load_known_systems(builder);
  if (starter) codes::load_starter(builder);
  std::stable_sort(requests.begin(), requests.end(),
                   [](auto const& a, auto const& b) { return a.format < b.format; });
  for (ReleaseRequest const& request : requests) {
    auto release = Release::open(request.path, progress);
    if (!release) return tl::unexpected<Failure>(release.error());
    if (auto done = request.format->load(builder, *release); !done)
      return tl::unexpected<Failure>(done.error());
  }
  auto bytes = builder.build(name, version);
  if (!bytes) return tl::unexpected<Failure>(bytes.error());
  WriterThread writer;
  fs::path const folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
  auto file = PartFile::create(folder.string(), out.filename().string(), writer);
  if (!file) return tl::unexpected<Failure>(file.error());
  (*file)->write({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (auto done = (*file)->finish(out.filename().string()); !done)
    return tl::unexpected<Failure>(done.error());
  return builder.reports();
}

}  // namespace hl7flow::adapters
