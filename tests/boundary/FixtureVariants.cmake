# The fixture connector by every compiler and standard library a module's author may have used. "own" is by the
# project's compiler with the SDK's own flags; each other variant is left out, and named in MISSING_VARIANTS, when
# this machine can't build it. tests/boundary/variants_test.cpp says what that means.
#
# Sets FIXTURE_VARIANTS, MISSING_VARIANTS (names, separated by spaces) and FIXTURE_TARGETS.

function(fixture_manifest variant result)
  set(VARIANT ${variant})
  set(manifest ${CMAKE_CURRENT_BINARY_DIR}/manifests/fixture-${variant}.json)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/fixture/fixture.json.in ${manifest} @ONLY)
  set(${result} ${manifest} PARENT_SCOPE)
endfunction()

fixture_manifest(own manifest)
crm_add_connector(fixture_own SOURCES ${CMAKE_CURRENT_LIST_DIR}/fixture/fixture_connector.cpp MANIFEST ${manifest} OUTPUT_DIR ${FIXTURES})
target_link_libraries(fixture_own PRIVATE project_options)
set(FIXTURE_VARIANTS own)
set(MISSING_VARIANTS)
set(FIXTURE_TARGETS fixture_own)

# add_fixture_variant(<name> COMPILER <program or NOTFOUND> FLAGS <flag>...)
function(add_fixture_variant variant)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "COMPILER" "FLAGS")
  set(works NO)
  if(ARG_COMPILER)
    # Whether the headers and the libraries are there is for the compiler to say.
    set(probe ${CMAKE_CURRENT_BINARY_DIR}/probe-${variant})
    file(WRITE ${probe}.cpp "#include <string>\nstd::string text(int n) { return std::to_string(n); }\n")
    execute_process(COMMAND ${ARG_COMPILER} -std=c++20 -fPIC -shared ${ARG_FLAGS} ${probe}.cpp -o ${probe}.so
      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(failed EQUAL 0)
      set(works YES)
    endif()
  endif()
  if(NOT works)
    message(WARNING "the boundary is tested without the fixture \"${variant}\": no compiler for it here")
    set(MISSING_VARIANTS ${MISSING_VARIANTS} ${variant} PARENT_SCOPE)
    return()
  endif()
  fixture_manifest(${variant} manifest)
  set(module ${FIXTURES}/fixture-${variant}.so)
  set(map ${CMAKE_SOURCE_DIR}/host-sdk/module.map)
  set(fill ${CMAKE_SOURCE_DIR}/host-sdk/cmake/FillManifest.cmake)
  file(GLOB_RECURSE sdk_headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/host-sdk/include/*)
  add_custom_command(OUTPUT ${module}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${FIXTURES}
    COMMAND ${ARG_COMPILER} -std=c++20 -O1 -fPIC -shared -fvisibility=hidden -fvisibility-inlines-hidden ${ARG_FLAGS}
            -I${CMAKE_SOURCE_DIR}/host-sdk/include ${CMAKE_CURRENT_SOURCE_DIR}/fixture/fixture_connector.cpp
            -Wl,-z,defs,-z,now,-z,relro -Wl,--version-script=${map} -o ${module}
    COMMAND ${CMAKE_COMMAND} -DMODULE=${module} -DMANIFEST=${manifest} -P ${fill}
    DEPENDS fixture/fixture_connector.cpp ${manifest} ${sdk_headers} ${map} ${fill}
    VERBATIM)
  add_custom_target(fixture_${variant} DEPENDS ${module})
  set(FIXTURE_VARIANTS ${FIXTURE_VARIANTS} ${variant} PARENT_SCOPE)
  set(FIXTURE_TARGETS ${FIXTURE_TARGETS} fixture_${variant} PARENT_SCOPE)
endfunction()

if(WIN32)  # Debian has one compiler for it
  return()
endif()
find_program(GXX NAMES g++)
find_program(CLANGXX NAMES clang++-14 clang++)
add_fixture_variant(gcc COMPILER ${GXX} FLAGS -fno-gnu-unique)
add_fixture_variant(gcc-static COMPILER ${GXX} FLAGS -fno-gnu-unique -static-libstdc++ -static-libgcc)
add_fixture_variant(clang COMPILER ${CLANGXX})
add_fixture_variant(clang-libcxx COMPILER ${CLANGXX} FLAGS -stdlib=libc++)
list(JOIN FIXTURE_VARIANTS " " FIXTURE_VARIANTS)
list(JOIN MISSING_VARIANTS " " MISSING_VARIANTS)
