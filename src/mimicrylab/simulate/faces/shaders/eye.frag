in vec3 v_position;
in vec3 v_normal;
in vec3 v_rest;      // direction from the eye's middle at rest; z to the front
in vec4 v_masks;
in float v_open;
out vec4 colour;
uniform vec3 iris_colour;
uniform float pupil;

float noise(float x) { return fract(sin(x * 91.345) * 47453.5453); }
float smooth_noise(float x) { float i = floor(x), f = fract(x); return mix(noise(i), noise(i + 1.0), f * f * (3.0 - 2.0 * f)); }

void main() {
    vec3 d = normalize(v_rest);
    vec3 n = normalize(v_normal), v = normalize(eye - v_position);
    float r = length(d.xy);
    float limit = 0.435;
    float inside = d.z > 0.0 ? smoothstep(limit + 0.025, limit - 0.02, r) : 0.0;
    float a = atan(d.y, d.x) / (2.0 * PI) + 0.5;
    float q = r / limit;
    float fibres = 0.5 * smooth_noise(a * 48.0 + 3.0 * q) + 0.25 * smooth_noise(a * 90.0 + 5.0 * q) + 0.25 * smooth_noise(a * 23.0);
    vec3 iris = iris_colour * (0.6 + 0.6 * fibres);
    iris = mix(iris, iris_colour * vec3(1.5, 1.2, 0.8), 0.5 * smoothstep(0.55, 0.35, q));
    iris *= mix(1.0, 0.25, smoothstep(0.78, 1.0, q));
    iris *= 0.75 + 0.5 * smoothstep(0.3, -0.6, d.y / limit);
    iris = mix(iris, vec3(0.004), smoothstep(pupil + 0.04, pupil - 0.02, q));
    float veins = smoothstep(0.93, 1.0, smooth_noise(a * 60.0 + 4.0 * smooth_noise(r * 20.0))) * smoothstep(0.5, 0.95, r);
    vec3 white = mix(vec3(0.6, 0.56, 0.53), vec3(0.62, 0.3, 0.25), 0.25 * veins + 0.35 * smoothstep(0.55, 1.0, r));
    vec3 albedo = mix(white, iris, inside);
    float lid = smoothstep(0.5, -0.1, d.y) * 0.8 + 0.16;
    lid *= 0.45 + 0.55 * smoothstep(0.98, 0.5, abs(d.x));
    float shade = find_shadow(v_position, n);
    float nl = clamp((dot(n, key_direction) + 0.25) / 1.25, 0.0, 1.0);
    float nf = clamp((dot(n, fill_direction) + 0.25) / 1.25, 0.0, 1.0);
    vec3 light = (key_colour * nl * (0.35 + 0.65 * shade) + fill_colour * nf * 0.8 + light_ambient(n) * 0.85) * lid;
    vec3 bulge = normalize(n + 0.35 * inside * vec3(d.xy, 0.0));
    vec3 h = normalize(key_direction + v);
    float spark = pow(max(dot(bulge, h), 0.0), 700.0) * 14.0 + pow(max(dot(bulge, normalize(fill_direction + v)), 0.0), 500.0) * 2.0;
    vec3 mirror = reflect(-v, bulge);
    vec3 wet = light_ambient(mirror) * (0.035 + 0.5 * pow(1.0 - max(dot(n, v), 0.0), 5.0)) * lid;
    colour = vec4(develop(albedo * light + spark * key_colour * 0.5 + wet), 1.0);
}
