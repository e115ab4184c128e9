# Sourced by other scripts: finds JDKs that stand beside the default one.

# Prints the home of a JDK of the given feature version, or nothing.
jdk_home() {
	local javac candidate
	javac=$(readlink -f "$(command -v javac)")
	for candidate in "$(dirname "$(dirname "$(dirname "$javac")")")"/*; do
		if [ -x "$candidate/bin/javac" ] && "$candidate/bin/javac" -version 2>&1 | grep -q "^javac $1"; then
			echo "$candidate"
			return
		fi
	done
}

# Prints the java command of JDK 25, or else of JAVA_HOME, or else the default one.
newest_java() {
	local home
	home=$(jdk_home 25)
	home=${home:-${JAVA_HOME:-}}
	echo "${home:+$home/bin/}java"
}
