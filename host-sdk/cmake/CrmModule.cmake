# How a connector module is built.
#
#   crm_add_connector(<target> MANIFEST <file.json> OUTPUT_DIR <dir> [SOURCES <file>...] [SIGN_WITH <key>])
#
# <target> is a MODULE library made before by add_library, or is made here from SOURCES. After each build
# OUTPUT_DIR holds the module under the name the manifest gives it (for Windows with .dll at its end) and, beside
# it, the manifest with the name and the digest of exactly that file: ready to be copied into a host's plugins
# folder. With SIGN_WITH the manifest is
# signed as well; the key is one that `crm-sign-manifest keygen` made.

set(CRM_SDK_DIR ${CMAKE_CURRENT_LIST_DIR}/.. CACHE INTERNAL "The host-sdk folder")

function(crm_add_connector target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "MANIFEST;OUTPUT_DIR;SIGN_WITH" "SOURCES")
  if(NOT ARG_MANIFEST OR NOT ARG_OUTPUT_DIR OR ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "crm_add_connector(<target> MANIFEST <file> OUTPUT_DIR <dir> [SOURCES ...] [SIGN_WITH <key>])")
  endif()
  if(NOT TARGET ${target})
    add_library(${target} MODULE ${ARG_SOURCES})
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(CXX IN_LIST languages)
    target_compile_features(${target} PRIVATE cxx_std_20)
  endif()
  get_filename_component(manifest ${ARG_MANIFEST} ABSOLUTE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  file(READ ${manifest} text)
  string(JSON file_name GET "${text}" file)
  get_filename_component(stem ${file_name} NAME_WLE)
  get_filename_component(suffix ${file_name} LAST_EXT)
  if(WIN32)
    set(suffix .dll)
  endif()

  target_link_libraries(${target} PRIVATE crm::module_sdk)
  # Here and not in crm::module_sdk, so that a static part of the module can use its flags and still be
  # linked into a test program. A sanitised module finds the sanitiser's functions in the host program.
  if(WIN32)
    # Only what is declared CRM_EXPORT is exported. The compiler's libraries go inside, since Windows has none
    # of them and the loader looks for others only in the system's and the host's own folder.
    target_link_options(${target} PRIVATE -static)
  else()
    target_link_options(${target} PRIVATE -Wl,-z,now -Wl,-z,relro
      -Wl,--version-script=${CRM_SDK_DIR}/module.map)
    if(NOT AUTOSYNC_SANITIZE)
      target_link_options(${target} PRIVATE -Wl,-z,defs)
    endif()
  endif()
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${stem} SUFFIX ${suffix}
    LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIR}
    LINK_DEPENDS "${CRM_SDK_DIR}/module.map;${manifest};${CRM_SDK_DIR}/cmake/FillManifest.cmake")
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DMODULE=$<TARGET_FILE:${target}> -DMANIFEST=${manifest}
            -P ${CRM_SDK_DIR}/cmake/FillManifest.cmake
    VERBATIM)
  if(ARG_SIGN_WITH)
    get_filename_component(key ${ARG_SIGN_WITH} ABSOLUTE)
    if(TARGET crm-publisher-key)
      add_dependencies(${target} crm-publisher-key)
    endif()
    add_custom_command(TARGET ${target} POST_BUILD
      COMMAND crm-sign-manifest sign --key ${key} ${ARG_OUTPUT_DIR}/${stem}.json VERBATIM)
  endif()
endfunction()
