# Every third-party library of the house, each behind the room that names it in src/sojourn/CMakeLists.txt.
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(TBB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Eigen3 REQUIRED)
find_package(Boost REQUIRED)  # headers only: distributions of Boost.Math
find_package(Ceres REQUIRED)
find_package(SUNDIALS 6.4 REQUIRED COMPONENTS cvodes nvecserial sunmatrixdense sunlinsoldense)
find_package(DCMTK REQUIRED)
find_package(GDCM REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(HWY REQUIRED IMPORTED_TARGET libhwy)

# UDUNITS and niftilib ship no usable CMake package on Debian 12.
find_library(UDUNITS_LIBRARY udunits2 REQUIRED)
find_library(NIFTI_LIBRARY niftiio REQUIRED)
find_library(ZNZ_LIBRARY znz REQUIRED)
find_path(NIFTI_INCLUDE_DIR nifti1_io.h PATH_SUFFIXES nifti REQUIRED)

# xraylib (libxrl-dev) has a pkg-config file only.
find_library(XRAYLIB_LIBRARY xrl REQUIRED)
find_path(XRAYLIB_INCLUDE_DIR xraylib.h PATH_SUFFIXES xraylib REQUIRED)

# FFTW's single precision (libfftw3-dev), which Debian's ITK pulls in anyway.
find_library(FFTW_LIBRARY fftw3f REQUIRED)
