# What find_package answers elsewhere. Debian has no Boost and no Catch2 for Windows, but both can be used from
# their headers alone. Those are linked into a folder of their own: /usr/include as a whole belongs to the
# system that builds.
set(folder ${CMAKE_BINARY_DIR}/headers)
file(MAKE_DIRECTORY ${folder})
foreach(library boost catch2)
  find_path(${library}_parent ${library} PATHS /usr/include NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  file(CREATE_LINK ${${library}_parent}/${library} ${folder}/${library} SYMBOLIC)
endforeach()

add_library(windows_headers INTERFACE)
target_include_directories(windows_headers SYSTEM INTERFACE ${folder})
add_library(Boost::headers ALIAS windows_headers)
add_library(Catch2::Catch2 ALIAS windows_headers)

file(WRITE ${CMAKE_BINARY_DIR}/boost_json.cpp "#include <boost/json/src.hpp>\n")
add_library(boost_json STATIC ${CMAKE_BINARY_DIR}/boost_json.cpp)
target_link_libraries(boost_json PUBLIC windows_headers)
add_library(Boost::json ALIAS boost_json)

# Inside the program, so that it runs where nothing was installed.
find_path(gcrypt_headers gcrypt.h REQUIRED)
add_library(windows_gcrypt INTERFACE)
target_link_libraries(windows_gcrypt INTERFACE gcrypt gpg-error ws2_32)
add_library(PkgConfig::GCRYPT ALIAS windows_gcrypt)
