# Arrow C++ and Parquet C++ as hl7flow_arrow::arrow and hl7flow_arrow::parquet: a system package if
# there is one, else the headers and libraries inside the pyarrow wheel of the project's virtual
# environment (./dev makes it). The wheel ships only versioned library names, so they are linked by
# path; its ABI changes with each major version, and both come from the same wheel.
find_package(Arrow CONFIG QUIET)
find_package(Parquet CONFIG QUIET)
if(Arrow_FOUND AND Parquet_FOUND)
  add_library(hl7flow_arrow::arrow ALIAS Arrow::arrow_shared)
  add_library(hl7flow_arrow::parquet ALIAS Parquet::parquet_shared)
  set(PyArrow_FOUND TRUE)
  return()
endif()

set(HL7FLOW_PYTHON "${PROJECT_SOURCE_DIR}/.venv/bin/python" CACHE FILEPATH "Interpreter whose pyarrow provides Arrow C++")
execute_process(
  COMMAND ${HL7FLOW_PYTHON} -c "import pyarrow, glob, os; d = pyarrow.get_library_dirs()[0]; print(pyarrow.get_include(), *(sorted(glob.glob(os.path.join(d, n + '.so.*')), key=len)[0] for n in ('libarrow', 'libparquet')), sep=';')"
  OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
  message(FATAL_ERROR "Arrow C++ is not installed, and ${HL7FLOW_PYTHON} has no pyarrow: run ./dev build, or set HL7FLOW_PYTHON")
endif()
list(GET found 0 include)
list(GET found 1 arrow)
list(GET found 2 parquet)
foreach(name arrow parquet)
  add_library(hl7flow_arrow::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(hl7flow_arrow::${name} PROPERTIES
    IMPORTED_LOCATION ${${name}} INTERFACE_INCLUDE_DIRECTORIES ${include}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${include})
endforeach()
target_link_libraries(hl7flow_arrow::parquet INTERFACE hl7flow_arrow::arrow)

# The wheel's libparquet exports a simdjson of its own, of another version. The loader takes what
# comes first, so ours comes before all libraries (tests/unit/simdjson_test.cpp).
find_package(simdjson REQUIRED)
target_link_options(hl7flow_arrow::parquet INTERFACE
  LINKER:--push-state,--no-as-needed $<TARGET_FILE:simdjson::simdjson> LINKER:--pop-state)
set(PyArrow_FOUND TRUE)
