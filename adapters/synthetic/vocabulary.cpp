#include <hl7flow/adapters/synthetic/vocabulary.h>

namespace hl7flow::synthetic {
namespace {

constexpr std::string_view family_name_list[] = {
    "Abara",        "Aldana",       "Almqvist",   "Andersson",  "Baptiste",  "Beaulieu",
    "Bergström",    "Bianchi",      "Blackwood",  "Böhm",       "Brannigan", "Calloway",
    "Castañeda",    "Chaudhry",     "Cheng",      "Corrigan",   "Dąbrowski", "Delacroix",
    "Dimitrov",     "Dupré",        "Eastwood",   "Eklund",     "Fairchild", "Faraday",
    "Ferreira",     "Finnegan",     "Fontaine",   "Gallagher",  "García",    "Haddad",
    "Halvorsen",    "Hargrove",     "Hernández",  "Hollister",  "Ibarra",    "Ishikawa",
    "Jankowski",    "Jørgensen",    "Kaplan",     "Kaur",       "Kessler",   "Kowalczyk",
    "Lachance",     "Lindqvist",    "Lockhart",   "Maldonado",  "Marchetti", "McAllister",
    "Mendoza",      "Merriweather", "Moreau",     "Müller",     "Nakagawa",  "Nguyen",
    "Novák",        "O'Rourke",     "Okafor",     "Oyelaran",   "Pakulski",  "Papadakis",
    "Pellegrino",   "Pham",         "Quintero",   "Rasmussen",  "Redfern",   "Rosenthal",
    "Rutherford",   "Sandoval",     "Satō",       "Schäfer",    "Silva",     "Söderberg",
    "Stanhope",     "Szabó",        "Thibodeaux", "Thorne",     "Treadwell", "Ueda",
    "Vandermeer",   "Vasquez",      "Villanueva", "Wainwright", "Weatherby", "Whitlock",
    "Winterbourne", "Xiong",        "Yamamoto",   "Zapata"};
constexpr std::string_view female_name_list[] = {
    "Adaeze",  "Agnieszka", "Amelia",    "Anaïs",  "Beatriz", "Camille",   "Catherine", "Chloé",
    "Daniela", "Elif",      "Eleanor",   "Esther", "Fatima",  "Freya",     "Genevieve", "Hannah",
    "Ingrid",  "Isabel",    "Joséphine", "Julia",  "Keiko",   "Laura",     "Leila",     "Margaret",
    "María",   "Mei",       "Naomi",     "Nora",   "Olivia",  "Priya",     "Renée",     "Rosa",
    "Sabine",  "Simone",    "Sofia",     "Teresa", "Ursula",  "Valentina", "Wanda",     "Zoë"};
constexpr std::string_view male_name_list[] = {
    "Aleksander", "Amir",      "André",  "Benjamin", "Björn",    "Carlos", "Chinedu", "Daniel",
    "Diego",      "Edward",    "Emeka",  "Felix",    "Giovanni", "Gustav", "Hassan",  "Henry",
    "Ignacio",    "Isaac",     "Jakob",  "James",    "Javier",   "João",   "Kenji",   "Lars",
    "Leon",       "Lucas",     "Marcus", "Mateo",    "Nikolai",  "Omar",   "Patrick", "Rafael",
    "Samuel",     "Sebastián", "Tariq",  "Thomas",   "Ulrich",   "Victor", "Wei",     "Yusuf"};
constexpr std::string_view street_list[] = {
    "Alder Street",   "Bay Tree Lane",      "Birchwood Avenue", "Canal Road",
    "Chestnut Court", "Dogwood Drive",      "Elm Terrace",      "Fox Hollow Road",
    "Granite Way",    "Harbor View",        "Juniper Place",    "Kingfisher Way",
    "Larkspur Lane",  "Mill Pond Road",     "Old Orchard Road", "Pine & Ridge Plaza",
    "Quarry Street",  "Rosewood Boulevard", "Sycamore Street",  "Willow Bend"};
constexpr City city_list[] = {{"Ashford Falls", "MA", "01099"}, {"Brookhaven", "NY", "11901"},
                              {"Cedar Point", "OH", "43401"},   {"Dunmore", "PA", "18509"},
                              {"Eastlake", "CA", "92001"},      {"Fairmont", "WV", "26554"},
                              {"Glen Harbor", "WA", "98101"},   {"Highmeadow", "TX", "75001"},
                              {"Ironwood", "MI", "49938"},      {"Juniper Springs", "CO", "80101"}};

constexpr Analyte blood_count[] = {
    {"6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", 40, 110, 1},
    {"789-8", "Erythrocytes [#/volume] in Blood by Automated count", "10*6/uL", 400, 580, 2},
    {"718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 120, 170, 1},
    {"4544-3", "Hematocrit [Volume Fraction] of Blood by Automated count", "%", 360, 500, 1},
    {"787-2", "MCV [Entitic volume] by Automated count", "fL", 800, 1000, 1},
    {"785-6", "MCH [Entitic mass] by Automated count", "pg", 270, 330, 1},
    {"777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", 150, 400, 0}};
constexpr Analyte basic_metabolic[] = {
    {"2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 135, 145, 0},
    {"2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", 35, 51, 1},
    {"2075-0", "Chloride [Moles/volume] in Serum or Plasma", "mmol/L", 98, 107, 0},
    {"2028-9", "Carbon dioxide, total [Moles/volume] in Serum or Plasma", "mmol/L", 22, 29, 0},
    {"3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma", "mg/dL", 7, 20, 0},
    {"2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 60, 130, 2},
    {"2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 70, 110, 0},
    {"17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 85, 105, 1}};
constexpr Analyte lipids[] = {
    {"2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 120, 200, 0},
    {"2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", "mg/dL", 40, 150, 0},
    {"2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", "mg/dL", 40, 80, 0}};
constexpr Analyte thyroid[] = {
    {"3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", "mIU/L", 40, 400, 2},
    {"3024-7", "Thyroxine (T4) free [Mass/volume] in Serum or Plasma", "ng/dL", 80, 180, 2}};
constexpr Analyte coagulation[] = {
    {"5902-2", "Prothrombin time (PT)", "s", 110, 135, 1},
    {"6301-6", "INR in Platelet poor plasma by Coagulation assay", "{INR}", 80, 120, 2}};
constexpr Analyte glycated[] = {
    {"4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 40, 57, 1}};
constexpr Panel panel_list[] = {
    {"58410-2", "CBC panel - Blood by Automated count", blood_count},
    {"51990-0", "Basic metabolic panel - Blood", basic_metabolic},
    {"24331-1", "Lipid 1996 panel - Serum or Plasma", lipids},
    {"24348-5", "Free T4 and TSH panel - Serum or Plasma", thyroid},
    {"34528-0", "PT and aPTT panel - Platelet poor plasma", coagulation},
    {"4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", glycated}};
constexpr Analyte vital_sign_list[] = {
    {"8480-6", "Systolic blood pressure", "mm[Hg]", 95, 140, 0},
    {"8462-4", "Diastolic blood pressure", "mm[Hg]", 55, 90, 0},
    {"8867-4", "Heart rate", "/min", 55, 100, 0},
    {"9279-1", "Respiratory rate", "/min", 10, 20, 0},
    {"8310-5", "Body temperature", "Cel", 361, 378, 1},
    {"59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", "%", 94, 100, 0}};
constexpr Coding diagnosis_list[] = {
    {"I10", "Essential (primary) hypertension"},
    {"E11.9", "Type 2 diabetes mellitus without complications"},
    {"J18.9", "Pneumonia, unspecified organism"},
    {"N39.0", "Urinary tract infection, site not specified"},
    {"I50.9", "Heart failure, unspecified"},
    {"J44.1", "Chronic obstructive pulmonary disease with (acute) exacerbation"},
    {"K35.80", "Unspecified acute appendicitis"},
    {"S72.001A", "Fracture of unspecified part of neck of right femur, initial encounter"},
    {"A41.9", "Sepsis, unspecified organism"},
    {"I48.91", "Unspecified atrial fibrillation"},
    {"R07.9", "Chest pain, unspecified"},
    {"O80", "Encounter for full-term uncomplicated delivery"},
    {"M54.50", "Low back pain, unspecified"},
    {"F32.A", "Depression, unspecified"}};
constexpr Coding allergen_list[] = {{"7980", "penicillin G"},
                                    {"1191", "aspirin"},
                                    {"10831", "sulfamethoxazole / trimethoprim"},
                                    {"2670", "codeine"},
                                    {"F001", "Peanuts & tree nuts"},
                                    {"F002", "Latex"}};
constexpr Coding vaccine_list[] = {
    {"08", "Hep B, adolescent or pediatric"},
    {"20", "DTaP"},
    {"03", "MMR"},
    {"21", "varicella"},
    {"133", "Pneumococcal conjugate PCV 13"},
    {"115", "Tdap"},
    {"150", "influenza, injectable, quadrivalent, preservative free"}};
constexpr Coding procedure_list[] = {{"XR-CHEST-2V", "Chest X-ray, two views"},
                                     {"CT-HEAD", "CT of the head without contrast"},
                                     {"US-ABD", "Ultrasound of the abdomen"},
                                     {"MR-KNEE", "MRI of the knee"},
                                     {"ECG-12", "Electrocardiogram, 12 leads"},
                                     {"ED-VISIT-3", "Emergency department visit, level 3"},
                                     {"OR-MINUTE", "Operating room, per minute"}};
constexpr Coding document_type_list[] = {{"11488-4", "Consult note"},
                                         {"18842-5", "Discharge summary"},
                                         {"34117-2", "History and physical note"},
                                         {"11504-8", "Surgical operation note"}};
constexpr Drug drug_list[] = {
    {"314076", "lisinopril 10 MG Oral Tablet", "10", "mg", "TAB", "PO", "QD"},
    {"860975", "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet", "500", "mg",
     "TAB", "PO", "BID"},
    {"617310", "atorvastatin 20 MG Oral Tablet", "20", "mg", "TAB", "PO", "QHS"},
    {"308136", "amlodipine 2.5 MG Oral Tablet", "2.5", "mg", "TAB", "PO", "QD"},
    {"313782", "acetaminophen 325 MG Oral Tablet", "650", "mg", "TAB", "PO", "Q6H PRN"},
    {"1665060", "cefazolin 1000 MG Injection", "1", "g", "INJ", "IV", "Q8H"},
    {"1361615", "heparin sodium, porcine 5000 UNT/ML Injectable Solution", "5000", "[USP'U]", "INJ",
     "SC", "Q12H"},
    {"310429", "furosemide 20 MG Oral Tablet", "20", "mg", "TAB", "PO", "QD"}};
constexpr Ward ward_list[] = {{"3WEST", "MED"}, {"4NORTH", "CAR"}, {"5EAST", "SUR"},
                              {"ICU", "MED"},   {"ED", "EMR"},     {"LDRP", "OBS"},
                              {"PEDS", "PED"},  {"ONC", "ONC"}};
constexpr Clinician clinician_list[] = {
    {"1003000126", "Ardalan", "Enrique"},   {"1114000231", "Bhatt", "Anjali"},
    {"1225000345", "Carrington", "Louise"}, {"1336000459", "Desrosiers", "Étienne"},
    {"1447000562", "Eriksen", "Maja"},      {"1558000676", "Fujimoto", "Haruki"},
    {"1669000783", "Gutiérrez", "Pilar"},   {"1770000892", "Hollingsworth", "Ruth"},
    {"1881000906", "Iwu", "Chidi"},         {"1992000014", "Jankovic", "Milena"}};
constexpr std::string_view sentence_list[] = {
    "The heart size is normal.",
    "No focal consolidation, effusion or pneumothorax.",
    "Mild degenerative change of the spine.",
    "Lungs are clear.",
    "Comparison is made with the study of last year.",
    "No acute fracture is seen.",
    "Findings were discussed with the referring clinician.",
    "Follow-up in 6 weeks is suggested.",
    "There is a small hiatal hernia.",
    "The patient tolerated the procedure well & was discharged."};

}  // namespace

std::span<const std::string_view> family_names() { return family_name_list; }
std::span<const std::string_view> female_names() { return female_name_list; }
std::span<const std::string_view> male_names() { return male_name_list; }
std::span<const std::string_view> streets() { return street_list; }
std::span<const City> cities() { return city_list; }
std::span<const Panel> panels() { return panel_list; }
std::span<const Analyte> vital_signs() { return vital_sign_list; }
std::span<const Coding> diagnoses() { return diagnosis_list; }
std::span<const Coding> allergens() { return allergen_list; }
std::span<const Coding> vaccines() { return vaccine_list; }
std::span<const Coding> procedures() { return procedure_list; }
std::span<const Coding> document_types() { return document_type_list; }
std::span<const Drug> drugs() { return drug_list; }
std::span<const Ward> wards() { return ward_list; }
std::span<const Clinician> clinicians() { return clinician_list; }
std::span<const std::string_view> report_sentences() { return sentence_list; }

const Dialect admission_system{"ADMIT", "NORTHGATE", "2.5.1", "UNICODE UTF-8", "CWE", true,
                               true,    false,       true};
const Dialect laboratory_system{"LABSYS", "NORTHGATE", "2.5.1", "UNICODE UTF-8", "CWE", true,
                                true,     false,       false};
const Dialect radiology_system{"RADIS", "IMAGING", "2.3", "", "CE", false, false, true, false};
const Dialect pharmacy_system{"PHARM", "NORTHGATE", "2.4", "UNICODE UTF-8", "CE", true,
                              false,   false,       false};
const Dialect scheduling_system{"SCHED", "CLINICS", "2.4", "", "CE", false, false, false, false};
const Dialect billing_system{"BILL", "FINANCE", "2.3.1", "", "CE", false, false, true, false};
const Dialect document_system{"TRANSCR", "HIM", "2.5", "UNICODE UTF-8", "CE", true,
                              false,     false, false};
const Dialect immunization_system{"IMMU", "PEDIATRICS", "2.7", "UNICODE UTF-8", "CWE", true,
                                  true,   false,        false};

}  // namespace hl7flow::synthetic
