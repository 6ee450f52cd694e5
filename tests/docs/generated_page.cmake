# cmake -DPAGE=FILE "-DCOMMAND=program;argument;…" -P generated_page.cmake: fails unless the command
# prints what the committed page holds.
execute_process(COMMAND ${COMMAND} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
file(READ ${PAGE} committed)
if(NOT printed STREQUAL committed)
  message(FATAL_ERROR "${PAGE} is not what the program says: run ./dev docs")
endif()
