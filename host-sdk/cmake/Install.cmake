# The SDK as somebody else uses it: `cmake --install BUILD --component sdk --prefix DIR`. Nothing that is installed
# knows where it was built or where it lies, so the folder may be moved or packed.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(CRM_SDK_DATA ${CMAKE_INSTALL_DATADIR}/crm-host-sdk)
set(CRM_SDK_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/crm-host-sdk)
set(CRM_SDK_PROGRAMS crm-connector-check crm-module-probe crm-sign-manifest)

# All that an installation needs, and nothing of the rest of the project.
add_custom_target(sdk DEPENDS crm_host_sdk ${CRM_SDK_PROGRAMS})

set_target_properties(crm_module_sdk PROPERTIES EXPORT_NAME module_sdk)
set_target_properties(crm_host_sdk PROPERTIES EXPORT_NAME host_sdk)
target_compile_features(crm_host_sdk PUBLIC cxx_std_20)

# Two sets, because a module needs neither the loader nor Boost.
install(TARGETS crm_module_sdk EXPORT crm-module-sdk)
install(TARGETS crm_host_sdk EXPORT crm-host-sdk
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
foreach(set crm-module-sdk crm-host-sdk)
  install(EXPORT ${set} NAMESPACE crm:: FILE ${set}-targets.cmake DESTINATION ${CRM_SDK_PACKAGE} COMPONENT sdk)
endforeach()
install(TARGETS ${CRM_SDK_PROGRAMS} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT sdk)

install(DIRECTORY include/crm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
install(FILES module.map ${PROJECT_SOURCE_DIR}/manifests/connector-manifest.schema.json
  DESTINATION ${CRM_SDK_DATA} COMPONENT sdk)
install(FILES cmake/CrmModule.cmake cmake/FillManifest.cmake DESTINATION ${CRM_SDK_DATA}/cmake COMPONENT sdk)
install(DIRECTORY examples python/examples DESTINATION ${CRM_SDK_DATA} COMPONENT sdk
  PATTERN __pycache__ EXCLUDE)
install(DIRECTORY python/crm_host DESTINATION ${CMAKE_INSTALL_LIBDIR}/python3/dist-packages COMPONENT sdk
  PATTERN __pycache__ EXCLUDE PATTERN .mypy_cache EXCLUDE)

configure_package_config_file(cmake/crm-host-sdk-config.cmake.in crm-host-sdk-config.cmake
  INSTALL_DESTINATION ${CRM_SDK_PACKAGE} PATH_VARS CRM_SDK_DATA CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(crm-host-sdk-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/crm-host-sdk-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/crm-host-sdk-config-version.cmake
  DESTINATION ${CRM_SDK_PACKAGE} COMPONENT sdk)

# From the folder of the .pc files to the prefix.
file(RELATIVE_PATH CRM_SDK_UP /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" CRM_SDK_UP ${CRM_SDK_UP})
foreach(pc crm-module-sdk crm-host-sdk)
  configure_file(cmake/${pc}.pc.in ${pc}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${pc}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT sdk)
endforeach()
