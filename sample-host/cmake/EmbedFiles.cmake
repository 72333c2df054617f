# Writes a C++ file with the bytes of FILES, found by name through crm::sample::web_file.
# Called at build time: cmake -DOUTPUT=… -DFILES=a|b -P EmbedFiles.cmake
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS files)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  get_filename_component(name "${file}" NAME)
  string(APPEND arrays "constexpr unsigned char kFile${index}[] = {${bytes}0};\n")
  string(APPEND entries "    if (name == \"${name}\") return view(kFile${index}, sizeof(kFile${index}) - 1);\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Made by EmbedFiles.cmake.
#include \"http/web_files.hpp\"

#include <cstddef>

namespace crm::sample {
namespace {
${arrays}
std::string_view view(const unsigned char* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}
}  // namespace

std::string_view web_file(std::string_view name) {
${entries}    return {};
}

}  // namespace crm::sample
")
