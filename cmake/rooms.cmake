# A room is a folder of src/sojourn with its own static library. USES are rooms on lower floors
# (tools/check_layers.py holds the floors); LIBS are third-party libraries that stay private to it.
function(sojourn_room NAME)
  cmake_parse_arguments(ROOM "" "" "USES;LIBS;INCLUDES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/sojourn/${NAME}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(sojourn_${NAME} STATIC ${sources})
  target_include_directories(sojourn_${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_include_directories(sojourn_${NAME} SYSTEM PRIVATE ${ROOM_INCLUDES})
  target_compile_options(sojourn_${NAME} PRIVATE ${SOJOURN_WARNINGS})
  foreach(used ${ROOM_USES})
    target_link_libraries(sojourn_${NAME} PUBLIC sojourn_${used})
  endforeach()
  target_link_libraries(sojourn_${NAME} PRIVATE ${ROOM_LIBS})
endfunction()

set(SOJOURN_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                     -Wold-style-cast -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND SOJOURN_WARNINGS -Wno-restrict)  # g++ 12 sees overlaps in std::string that are not there
endif()
